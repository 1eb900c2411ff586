// Standardised rates, their limits and ranks in the browser: stats/difficulty.py,
// stats/contrast.py and stats/difficulty_ranks.py over again, term by term. Those functions are
// the oracle: a test compares the two over many random mixes to 1e-9.
window.benchproofStatistics = (() => {
  "use strict";

  // As in stats/difficulty.py: the tilt is searched between -+ sinh(40) units by bisection.
  const FARTHEST = 40;
  const STEPS = 64;

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const clip = (value) => Math.min(Math.max(value, 0), 1);

  // Weights rescaled to sum 1 over strata that have problems; null where none has.
  function mixInUse(weights, totals) {
    const used = weights.map((weight, h) => (totals[h] > 0 ? weight : 0));
    const kept = sum(used);
    if (!(kept > 0)) return null;
    const dropped = sum(weights.filter((_, h) => !(totals[h] > 0))) / sum(weights);
    return { weights: used.map((weight) => weight / kept), dropped };
  }

  // stats.difficulty.standardised_rate: passes of totals in strata, on a mix, at z standard errors.
  function standardisedRate(passes, totals, weights, z) {
    const mix = mixInUse(weights, totals);
    if (!mix) return null;
    const used = mix.weights.flatMap((w, h) => (w > 0 ? [{ x: passes[h], n: totals[h], w }] : []));
    const estimate = clip(sum(used.map(({ x, n, w }) => (w * x) / n)));
    const low = used.every(({ x }) => x === 0) ? 0 : scoreLimit(used, estimate, z);
    const high = used.every(({ x, n }) => x === n) ? 1 : scoreLimit(used, estimate, -z);
    return { estimate, low, high, n: sum(used.map(({ n }) => n)), dropped: mix.dropped };
  }

  // Solve: estimate - theta(t) = z * deviation(t), along the most likely rates tilted by t.
  function scoreLimit(strata, estimate, z) {
    let [low, high] = [-FARTHEST, FARTHEST];
    const overall = (sum(strata.map(({ x }) => x)) + 0.5) / (sum(strata.map(({ n }) => n)) + 1);
    const unit = Math.max(...strata.map(({ n, w }) => (n + 1) / w));
    const theta = (rates) => sum(strata.map(({ w }, h) => w * rates[h]));
    for (let step = 0; step < STEPS; step += 1) {
      const middle = (low + high) / 2;
      const rates = strata.map((stratum) => tilted(stratum, overall, unit, middle));
      const variance = sum(
        strata.map(({ n, w }, h) => (w ** 2 * rates[h] * (1 - rates[h])) / n),
      );
      if (estimate - theta(rates) - z * Math.sqrt(variance) > 0) low = middle;
      else high = middle;
    }
    return clip(theta(strata.map((s) => tilted(s, overall, unit, (low + high) / 2))));
  }

  // A stratum's most likely rate, pushed up (t > 0) or down; it carries one further problem at the
  // overall rate. Two forms of one root: each loses digits where the other does not.
  function tilted({ x, n, w }, overall, unit, t) {
    const [passes, totals, push] = [x + overall, n + 1, Math.sinh(t) * unit * w];
    const root = Math.sqrt(Math.max((push - totals) ** 2 + 4 * push * passes, 0));
    return clip(
      push > totals
        ? (push - totals + root) / (2 * push)
        : (2 * passes) / (totals - push + root),
    );
  }

  // stats.difficulty.standardised_mean: means of problem values with their own limits, by MOVER.
  function standardisedMean(strata, weights) {
    const mix = mixInUse(weights, strata.map(({ n }) => n));
    if (!mix) return null;
    const used = strata.flatMap((s, h) => (mix.weights[h] > 0 ? [{ ...s, w: mix.weights[h] }] : []));
    const estimate = sum(used.map(({ mean, w }) => w * mean));
    const below = sum(used.map(({ mean, low, w }) => (w * (mean - low)) ** 2));
    const above = sum(used.map(({ mean, high, w }) => (w * (high - mean)) ** 2));
    return {
      estimate,
      low: estimate - Math.sqrt(below),
      high: estimate + Math.sqrt(above),
      n: sum(used.map(({ n }) => n)),
      dropped: mix.dropped,
    };
  }

  // stats.difficulty_ranks.standardised_rank_sets: best and worst rank of each model.
  function rankSets(found) {
    const better = (a, b) => {
      const gap = a.estimate - b.estimate;
      return gap > 0 && gap > Math.sqrt((a.estimate - a.low) ** 2 + (b.high - b.estimate) ** 2);
    };
    return found.map((own) => [
      1 + found.filter((other) => better(other, own)).length,
      found.length - found.filter((other) => better(own, other)).length,
    ]);
  }

  return { standardisedRate, standardisedMean, rankSets };
})();
