"""What the web server calls."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bihuan.installation.child import end_with_web_server

end_with_web_server()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
application = get_wsgi_application()

# Pages are imported now, not while somebody waits for the first of them.
import_module(settings.ROOT_URLCONF)
# The program itself is no garbage: sweeping through all of it cost one page in two hundred a quarter of a second.
gc.collect()
gc.freeze()
