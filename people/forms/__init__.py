"""What is typed about people, by the pages it is typed on."""
