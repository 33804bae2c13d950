#!/usr/bin/env python3
"""Django's command line for Tandem; `python3 run.py` sets everything up first."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
