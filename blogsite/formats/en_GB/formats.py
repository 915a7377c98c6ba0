"""Months in full and hours to 24, where Django's own British formats abbreviate."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
