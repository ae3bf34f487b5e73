"""What the web server calls."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from bihuan.installation.child import end_with_web_server

end_with_web_server()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
application = get_wsgi_application()

import bihuan.urls  # noqa: E402, F401  (now, not while somebody waits for the first page)

# The program itself is no garbage: sweeping through all of it cost one page in two hundred a quarter of a second.
gc.collect()
gc.freeze()
