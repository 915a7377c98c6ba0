"""The site's own settings for a served site, whose static files stand apart like its database."""

import os

from blogsite.settings import *  # noqa: F403

STATIC_ROOT = os.environ["STATIC_ROOT"]
