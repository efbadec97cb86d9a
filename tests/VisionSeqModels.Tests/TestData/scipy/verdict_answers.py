"""Known answers of scipy for VerdictAnswersTests: run it and keep what it prints."""
import json

import numpy
import scipy
from scipy import integrate, stats

random = numpy.random.default_rng(21)


def holm(p):
    """By the definition: the k-th least of m p-values is multiplied by m - k + 1, and never below the one before."""
    order = numpy.argsort(p)
    scaled = numpy.minimum(1, numpy.asarray(p)[order] * numpy.arange(len(p), 0, -1))
    adjusted = numpy.empty(len(p))
    adjusted[order] = numpy.maximum.accumulate(scaled)
    return adjusted.tolist()


def pairs(count, effect, deviation):
    base = 0.6 + 0.02 * random.standard_normal(count)
    value = base + effect + deviation * random.standard_normal(count)
    return base.tolist(), value.tolist()


def sample(count, effect, deviation, margin):
    base, value = pairs(count, effect, deviation)
    difference = numpy.subtract(value, base)
    low, high = stats.t.interval(0.95, count - 1, difference.mean(), stats.sem(difference))
    above = stats.ttest_1samp(difference, -margin, alternative="greater").pvalue
    below = stats.ttest_1samp(difference, margin, alternative="less").pvalue
    return {"base": base, "value": value, "margin": margin, "p": stats.ttest_rel(value, base).pvalue,
            "low": low, "high": high, "equivalence": max(above, below)}


def power(count, effect, deviation, margin, level):
    """How likely a difference is to be claimed (by the noncentral t), and how likely one of both claims is."""
    degrees, error = count - 1, deviation / numpy.sqrt(count)
    two, one = (stats.t.ppf(1 - level / sides, degrees) for sides in (2, 1))
    differs = stats.nct.sf(two, degrees, effect / error) + stats.nct.cdf(-two, degrees, effect / error)

    def undecided(seen):
        outer, inner = two * error * seen, max(0, margin - one * error * seen)
        def between(half):
            return stats.norm.cdf(half, effect, error) - stats.norm.cdf(-half, effect, error)
        density = stats.chi.pdf(seen * numpy.sqrt(degrees), degrees) * numpy.sqrt(degrees)
        return max(0, between(outer) - between(inner)) * density

    parts = [0, margin / (two + one) / error, margin / one / error, 12]
    decides = 1 - sum(integrate.quad(undecided, low, high, epsabs=1e-13, limit=200)[0]
                      for low, high in zip(parts, parts[1:]) if low < high)
    return {"count": count, "effect": effect, "deviation": deviation, "margin": margin, "level": level,
            "differs": differs if margin < 1e-6 else None, "decides": decides}


families = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.9, 0.9], [0.02, 0.02, 0.02], random.random(9).tolist()]
print(json.dumps({
    "scipy": scipy.__version__,
    "t": [{"t": t, "degrees": degrees, "above": stats.t.sf(t, degrees)}
          for t in (-40, -3, -0.5, 0, 0.1, 1, 2.5, 12, 300) for degrees in (1, 2, 4, 9, 60, 1000)],
    "quantiles": [{"fraction": fraction, "degrees": degrees, "t": stats.t.isf(fraction, degrees)}
                  for fraction in (0.25, 0.05, 0.025, 0.00125, 1e-5) for degrees in (1, 2, 4, 9, 60, 1000)],
    "samples": [sample(count, effect, deviation, 0.01) for count in (2, 3, 5, 10)
                for effect in (0, 0.004, 0.03) for deviation in (0.002, 0.01)],
    "holm": [{"p": family, "adjusted": holm(family)} for family in families],
    "power": [power(count, effect, 0.01, margin, level) for count in (2, 3, 5, 20, 100)
              for effect, margin in ((0.01, 1e-9), (0.02, 1e-9), (0.0, 0.008), (0.003, 0.01)) for level in (0.05, 0.0125)],
}))
