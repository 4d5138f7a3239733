"""Whether more numbers pass a check digit than accident explains."""

import math

ACCIDENT = 0.1
"""How often a random number passes Luhn's check digit."""

_EXACT = 5_000


def odds_of_design(tried: int, passed: int, *, prior: float, accident: float = ACCIDENT) -> float:
    """Return the odds that some of the numbers are made to pass, rather than none.

    Two stories are compared: every number passes by accident alone, or an unknown share,
    any as likely as another, is made to pass and the others pass by accident.

    Args:
        tried: How many different numbers had the shape.
        passed: How many of them pass.
        prior: The odds before looking at the check digits.
        accident: How often a number passes by accident.

    Returns:
        Above 1: rather by design. Without numbers the prior itself.

    Examples:
        >>> odds_of_design(1, 1, prior=1.0) > 1 > odds_of_design(1000, 104, prior=1.0)
        True
    """
    if not tried:
        return prior
    failed = tried - passed
    by_design = (
        -math.log1p(-accident)
        + _log_beta(passed + 1, failed + 1)
        + math.log(max(at_most(tried + 1, passed, accident), 1e-300))
    )
    by_accident = passed * math.log(accident) + failed * math.log1p(-accident)
    return prior * math.exp(min(by_design - by_accident, 700.0))


def made_to_pass(tried: int, passed: int, *, accident: float = ACCIDENT) -> int:
    """Return how many numbers are made to pass, where accident explains the others."""
    return max(0, min(passed, round((passed - accident * tried) / (1 - accident))))


def at_most(trials: int, successes: int, chance: float) -> float:
    """Return the probability of at most `successes` in `trials`, each with `chance`.

    Exact up to some thousand trials, then by the normal curve.
    """
    if successes >= trials:
        return 1.0
    if trials > _EXACT:
        spread = math.sqrt(trials * chance * (1 - chance))
        return 0.5 * math.erfc(-(successes + 0.5 - trials * chance) / spread / math.sqrt(2))
    return min(
        1.0,
        math.fsum(
            math.exp(
                math.lgamma(trials + 1)
                - math.lgamma(each + 1)
                - math.lgamma(trials - each + 1)
                + each * math.log(chance)
                + (trials - each) * math.log1p(-chance)
            )
            for each in range(successes + 1)
        ),
    )


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)
