"""How the record of processing is made from what is known; nothing in it is invented."""

from collections import defaultdict
from collections.abc import Mapping

from kept.inventory.dataset import Dataset, State
from kept.inventory.record import PROCESSOR, Facts, Record
from kept.inventory.record_activity import ActivityKey, activity_of
from kept.inventory.record_parties import who
from kept.inventory.record_words import said


def record_of(facts: Facts, language: str) -> Record:
    """Return the record of processing activities in `language`.

    One activity is the data of one kind of people in one system, in one role. What nobody
    wrote down and no store shows is listed as missing.

    Source: GDPR Art. 30(1) and (2).
    """
    held_for = {each.client for each in facts.inventory.datasets if each.held_as == PROCESSOR}
    groups = sorted(_grouped(facts).items(), key=lambda each: (each[0].role == PROCESSOR, each[0]))
    return Record(
        language=language,
        made_at=facts.made_at,
        name=facts.controller.name,
        who=who(facts, language),
        activities=tuple(activity_of(facts, language, key, datasets) for key, datasets in groups),
        missing=(
            *(said("missing", "silent", language, store=each) for each in facts.silent),
            *(() if facts.promised is not None else (said("missing", "policy", language),)),
            *(
                said("missing", "unheld", language, client=each.name)
                for each in facts.clients
                if each.name not in held_for
            ),
        ),
    )


def _grouped(facts: Facts) -> Mapping[ActivityKey, list[Dataset]]:
    groups: dict[ActivityKey, list[Dataset]] = defaultdict(list)
    for each in facts.inventory.datasets:
        if each.personal:
            store = facts.stores.get(each.id.store)
            key = ActivityKey(
                role=each.held_as,
                client=each.client if each.held_as == PROCESSOR else "",
                system=(store.system if store is not None else "") or each.id.store,
                about="" if each.state is State.UNLISTED else each.about,
            )
            groups[key].append(each)
    return groups
