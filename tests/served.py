"""Settings of served sites: the site's own, with static files in a folder of the test run."""

import os

from blogsite.settings import *  # noqa: F403

STATIC_ROOT = os.environ["STATIC_ROOT"]
