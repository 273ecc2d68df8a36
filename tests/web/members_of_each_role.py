"""Make somebody of each role and print their session keys as JSON; run inside the pages."""

import json
import sys
from pathlib import Path

from tieline.web.configuration import Serving, configure

configure(Serving(Path(sys.argv[1])))

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from tieline.web import tables  # noqa: E402
from tieline.web.models import Member  # noqa: E402
from tieline.web.permissions import ROLES  # noqa: E402

settings.ALLOWED_HOSTS.append("testserver")
tables.bring_up_to_date()
keys = {}
for role in ROLES:
    client = Client()
    client.force_login(Member.objects.create(login=f"{role}@tieline", role=role, password="!"))
    keys[role] = client.cookies["tieline"].value
print(json.dumps(keys))
