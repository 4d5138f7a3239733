"""Django is set up once for a process: with what pages need, which is the most."""

from kept.web.setup import configure

configure()
