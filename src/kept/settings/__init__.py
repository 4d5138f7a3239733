"""What ``kept.toml`` says, checked key by key.

Pure: text in, values out. The one who reads the file and the environment is
`kept.runtime`.
"""

from kept.settings.controller import KNOWN_LAWS, Controller, Party
from kept.settings.errors import SettingsError, UnknownKeyError
from kept.settings.reading import SecondOpinionSettings
from kept.settings.record import ActivitySettings, Client, Recipient
from kept.settings.section import KEYS
from kept.settings.settings import OPERATOR, SECOND_PERSON, VERIFIED, Settings, parse_settings
from kept.settings.stores import FOLDERS, PolicySource, StoreSettings
from kept.settings.wording import Wording

__all__ = [
    "FOLDERS",
    "KEYS",
    "KNOWN_LAWS",
    "OPERATOR",
    "SECOND_PERSON",
    "VERIFIED",
    "ActivitySettings",
    "Client",
    "Controller",
    "Party",
    "PolicySource",
    "Recipient",
    "SecondOpinionSettings",
    "Settings",
    "SettingsError",
    "StoreSettings",
    "UnknownKeyError",
    "Wording",
    "parse_settings",
]
