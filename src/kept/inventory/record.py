"""What the record of processing activities holds: what is known, from where, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kept.inventory.dataset import Dataset, Inventory
from kept.inventory.promised import Promised
from kept.settings import ActivitySettings, Client, Controller, Recipient, StoreSettings

CONTROLLER, JOINT, PROCESSOR = "controller", "joint controller", "processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the record is made from.

    Attributes:
        made_at: When, UTC.
        controller: Who answers for the data.
        stores: By name, as the settings have them.
        inventory: What the stores hold.
        promised: What the policy says; ``None`` where none was read.
        silent: Stores that did not answer.
        speaks_of: Whether the policy speaks of a dataset's people: it does not of staff.
        recipients: Who gets data, as the settings have them.
        clients: For whom data is held, as the settings have them.
        activities: What the settings say of activities.
    """

    made_at: datetime
    controller: Controller
    stores: Mapping[str, StoreSettings]
    inventory: Inventory
    promised: Promised | None
    silent: tuple[str, ...] = ()
    speaks_of: Callable[[Dataset], bool] = lambda _: True
    recipients: tuple[Recipient, ...] = ()
    clients: tuple[Client, ...] = ()
    activities: tuple[ActivitySettings, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that the record says.

    Attributes:
        text: In its own language.
        language: Of the text.
        source: Where it comes from: a document of the policy, or one of our own files.
        key: What programs know it by: a category, a region, a promise's id; or empty.
        marks: What a reader should know of it: special, undecided, only sampled.
        quoted: Whether these are the words of a published policy.
    """

    text: str
    language: str
    source: str = ""
    key: str = ""
    marks: tuple[str, ...] = ()
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that Article 30 asks for.

    Attributes:
        key: Paragraph and point, for example ``"1c-data"``.
        title: What it is called.
        lines: What is known.
        missing: What is not, each in one sentence.
        caution: What the known does not say, or empty.
    """

    key: str
    title: str
    lines: tuple[Line, ...]
    missing: tuple[str, ...] = ()
    caution: str = ""

    @property
    def provision(self) -> str:
        """The provision, for example ``"Art. 30(1)(c)"``."""
        return f"Art. 30({self.key[0]})({self.key[1]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDataset:
    """One dataset of an activity.

    Attributes:
        store: Its store.
        name: Its name.
        rows: How many rows it has, ``None`` where not counted.
    """

    store: str
    name: str
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity: the data of one kind of people, in one system, held in one role.

    Attributes:
        system: Application or site; the store's name where the settings name none.
        about: Whose data, as ``datamap.toml`` says it.
        role: ``"controller"``, ``"joint controller"`` or ``"processor"``.
        client: For whom, where we are a processor.
        title: Of the activity, in the record's language.
        role_named: The role, in the record's language.
        items: What Article 30 asks for.
        datasets: What it was read from.
    """

    system: str
    about: str
    role: str
    client: str
    title: str
    role_named: str
    items: tuple[Item, ...]
    datasets: tuple[HeldDataset, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record of processing activities, in one language.

    Attributes:
        language: Of everything that is not quoted.
        made_at: When it was made, UTC.
        name: Of whoever keeps it.
        who: Names and contacts: GDPR Art. 30(1)(a).
        activities: As controller first, then as processor.
        missing: What is missing of the record as a whole.
    """

    language: str
    made_at: datetime
    name: str
    who: Item
    activities: tuple[Activity, ...]
    missing: tuple[str, ...] = ()

    @property
    def lacks(self) -> int:
        """How many statements are missing."""
        items = [self.who, *(item for each in self.activities for item in each.items)]
        return len(self.missing) + sum(len(each.missing) for each in items)
