"""How Tandem writes dates in French: jeudi 12 mars, 15 h 30."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
MOMENT_FORMAT = f"l j F, {TIME_FORMAT}"
MONTH_DAY_FORMAT = "j F"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
