"""What of a diagnosis nobody has said anything about yet. Pure."""

from __future__ import annotations

from dataclasses import replace

from engine.model.remedies import Treatment
from engine.recovering.sifted import Sifted

__all__ = ["without_said"]


def without_said(sifted: Sifted, treatment: Treatment) -> Sifted:
    """The same without the rows that are set aside as was said; they count no longer as rows of the batch.

    Args:
        sifted: the batch, looked through with the treatment.
        treatment: what was said.
    """
    groups = sifted.diagnosis.groups
    kept = [
        number for number, group in enumerate(groups) if treatment.aside_for(group.kind, group.place) is None
    ]
    aside = sum(group.rows for group in groups) - sum(groups[number].rows for number in kept)
    if not aside:
        return sifted
    anew = {old: new for new, old in enumerate(kept)}
    return replace(
        sifted,
        diagnosis=replace(
            sifted.diagnosis,
            rows=sifted.diagnosis.rows - aside,
            offending=sifted.diagnosis.offending - aside,
            groups=tuple(groups[number] for number in kept),
        ),
        offenders=tuple(replace(o, group=anew[o.group]) for o in sifted.offenders if o.group in anew),
        missing=tuple(replace(m, group=anew[m.group]) for m in sifted.missing if m.group in anew),
    )
