# Writes r_values.json: values of other software for the methods of `stats`, by R and its packages.
# Debian 12: r-base-core and r-cran-{boot,coin,eRm,epitools,exactRankTests,geepack,jsonlite,lme4,
# metafor,psychotools,sandwich,survival}, r-bioc-multtest. Run: Rscript make_r_values.R r_values.json
suppressMessages({
  library(jsonlite); library(survival); library(sandwich); library(geepack)
  library(psychotools); library(lme4); library(coin); library(exactRankTests); library(metafor)
})
found <- list()
keep <- function(method, call, inputs, expected, package = "stats", tolerance = 1e-9) {
  version <- if (package == "stats") as.character(getRversion()) else as.character(packageVersion(package))
  found[[length(found) + 1]] <<- list(method = method, call = call, software = paste(if (package == "stats") "R" else package, version),
    inputs = inputs, expected = expected, tolerance = tolerance)
}
limits <- function(ci) list(lower = ci[1], upper = ci[2])

# One rate
for (x in list(c(0, 13), c(4, 13), c(13, 13), c(61, 89))) for (level in c(.9, .99)) {
  inputs <- list(x = x[1], n = x[2], conf_level = level)
  keep("clopper_pearson", "binom.test", inputs, limits(binom.test(x[1], x[2], conf.level = level)$conf.int))
  keep("wilson", "prop.test(correct = FALSE)", inputs,
    limits(suppressWarnings(prop.test(x[1], x[2], conf.level = level, correct = FALSE)$conf.int)))
  keep("wilson_cc", "prop.test", inputs, limits(suppressWarnings(prop.test(x[1], x[2], conf.level = level)$conf.int)))
  tail <- (1 - level) / 2
  keep("bootstrap_percentile_exact", "qbinom", inputs, limits(qbinom(c(tail, 1 - tail), x[2], x[1] / x[2]) / x[2]))
  plain <- qbeta(c(tail, 1 - tail), x[1] + .5, x[2] - x[1] + .5)
  keep("jeffreys", "qbeta", inputs, list(lower_unmodified = plain[1], upper_unmodified = plain[2]))
}

# Two rates
for (x in list(c(3, 17, 9, 15), c(0, 12, 5, 11), c(29, 83, 41, 97), c(7, 8, 1, 40))) {
  table <- matrix(c(x[1], x[2] - x[1], x[3], x[4] - x[3]), 2)
  inputs <- list(x1 = x[1], n1 = x[2], x2 = x[3], n2 = x[4])
  p <- sapply(c("two.sided", "less", "greater"), function(side) fisher.test(table, alternative = side)$p.value)
  keep("fisher_exact", "fisher.test", inputs, list(p_two_sided = p[[1]], p_less = p[[2]], p_greater = p[[3]]))
  plain <- suppressWarnings(chisq.test(table, correct = FALSE)); yates <- suppressWarnings(chisq.test(table))
  keep("chi_square_2x2", "chisq.test", inputs, list(statistic = plain$statistic[[1]], p_value = plain$p.value,
    statistic_cc = yates$statistic[[1]], p_value_cc = yates$p.value))
  if (min(x) > 0) {
    ratio <- suppressWarnings(epitools::riskratio.wald(matrix(c(x[4] - x[3], x[2] - x[1], x[3], x[1]), 2)))$measure[2, ]
    keep("katz_log_ratio", "riskratio.wald", c(inputs, conf_level = .95),
      list(estimate = ratio[[1]], lower = ratio[[2]], upper = ratio[[3]]), "epitools")
  }
}
# The score interval, its restricted likelihood maximised by optimize()
score <- function(d, x, factor) {
  loglik <- function(p2) dbinom(x[1], x[2], p2 + d, log = TRUE) + dbinom(x[3], x[4], p2, log = TRUE)
  p2 <- optimize(loglik, c(max(0, -d), min(1, 1 - d)), maximum = TRUE, tol = 1e-12)$maximum
  n <- x[2] + x[4]
  variance <- ((p2 + d) * (1 - p2 - d) / x[2] + p2 * (1 - p2) / x[4]) * (if (factor) n / (n - 1) else 1)
  (x[1] / x[2] - x[3] / x[4] - d)^2 / variance - qchisq(.95, 1)
}
for (x in list(c(3, 17, 9, 15), c(29, 83, 41, 97))) {
  at <- x[1] / x[2] - x[3] / x[4]
  ends <- function(factor) c(uniroot(score, c(-.999, at - 1e-6), x, factor, tol = 1e-12)$root,
    uniroot(score, c(at + 1e-6, .999), x, factor, tol = 1e-12)$root)
  mn <- ends(TRUE); mee <- ends(FALSE)
  keep("miettinen_nurminen_difference", "uniroot, optimize", list(x1 = x[1], n1 = x[2], x2 = x[3], n2 = x[4], conf_level = .95),
    list(lower = mn[1], upper = mn[2], lower_mee = mee[1], upper_mee = mee[2]), tolerance = 1e-6)
}

# Pairs
for (x in list(c(20, 9, 3, 5), c(41, 2, 11, 30), c(5, 6, 6, 0))) {
  inputs <- list(a = x[1], b = x[2], c = x[3], d = x[4]); n <- x[2] + x[3]
  p <- sapply(c("two.sided", "greater", "less"), function(side) binom.test(x[2], n, alternative = side)$p.value)
  keep("mcnemar_exact", "binom.test", inputs, list(p_two_sided = p[[1]], p_greater = p[[2]], p_less = p[[3]]))
  plain <- mcnemar.test(matrix(x, 2), correct = FALSE)
  keep("mcnemar_asymptotic", "mcnemar.test", inputs, list(statistic = plain$statistic[[1]], p_value = plain$p.value))
}
tango <- function(d, x) {
  n <- sum(x)
  loglik <- function(q) dmultinom(c(x[2], x[3], x[1] + x[4]), prob = c(q + d, q, 1 - 2 * q - d), log = TRUE)
  q <- optimize(loglik, c(max(0, -d), (1 - d) / 2), maximum = TRUE, tol = 1e-12)$maximum
  (x[2] - x[3] - n * d)^2 / (n * (2 * q + d * (1 - d))) - qchisq(.95, 1)
}
for (x in list(c(20, 9, 3, 5), c(41, 2, 11, 30))) {
  at <- (x[2] - x[3]) / sum(x)
  keep("paired_difference_tango", "uniroot, optimize", list(a = x[1], b = x[2], c = x[3], d = x[4], conf_level = .95),
    limits(c(uniroot(tango, c(-.99, at - 1e-6), x, tol = 1e-12)$root, uniroot(tango, c(at + 1e-6, .99), x, tol = 1e-12)$root)),
    tolerance = 1e-6)
}
d <- c(1.1, -.4, .7, .7, 2.3, -.9, 0, .4, 1.6, -.4, .2, 3.1)
nonzero <- d[d != 0]
exact <- sapply(c("two.sided", "greater", "less"), function(side) wilcox.exact(nonzero, alternative = side)$p.value)
pratt <- pvalue(wilcoxsign_test(d ~ rep(0, length(d)), distribution = "exact", zero.method = "Pratt"))
keep("wilcoxon_signed_rank", "wilcox.exact", list(differences = d),
  list(p_two_sided_wilcox = exact[[1]], p_greater_wilcox = exact[[2]], p_less_wilcox = exact[[3]]), "exactRankTests")
keep("wilcoxon_signed_rank", "wilcoxsign_test(zero.method = 'Pratt')", list(differences = d),
  list(p_two_sided_pratt = as.numeric(pratt)), "coin")
untied <- c(1.13, -.42, .71, .77, 2.3, -.9, .4, 1.6, -.44)
hl <- wilcox.test(untied, conf.int = TRUE)
keep("hodges_lehmann", "wilcox.test(conf.int = TRUE)", list(differences = untied, conf_level = .95),
  list(estimate = hl$estimate[[1]], lower = hl$conf.int[1], upper = hl$conf.int[2]))
keep("sign_flip_permutation", "perm.test", list(differences = c(3, -1, 4, 1, -5, 9, 2, 6)),
  list(p_two_sided = perm.test(c(3, -1, 4, 1, -5, 9, 2, 6), exact = TRUE)$p.value), "exactRankTests")
x <- c(1.2, 3.4, .7, 2.2, 5.1); y <- c(1.9, 2.6, 1.1, 2.1, 7.7)
t <- t.test(log(x), log(y), paired = TRUE, conf.level = .9)
keep("geometric_mean_ratio", "t.test(log)", list(x = x, y = y, conf_level = .9),
  list(ratio = exp(t$estimate[[1]]), lower = exp(t$conf.int[1]), upper = exp(t$conf.int[2]), p_value = t$p.value))

# Many models
p <- c(.012, .4, .0007, .031, .031, .22, .9)
for (method in c("bonferroni", "holm", "hochberg", "hommel", "BH", "BY"))
  keep(c(BH = "benjamini_hochberg", BY = "benjamini_yekutieli")[method] |> (\(name) if (is.na(name)) method else name[[1]])(),
    sprintf("p.adjust('%s')", method), list(p_values = p), list(p_adjusted = p.adjust(p, method)))
scores <- rbind(c(3, 1, 2, 2), c(5, 2, 2, 1), c(4, 4, 1, 3), c(2, 1, 5, 1), c(6, 3, 2, 2))
f <- friedman.test(scores)
keep("friedman", "friedman.test", list(scores = scores), list(statistic = f$statistic[[1]], p_value = f$p.value))
marks <- rbind(c(1, 0, 1), c(1, 1, 0), c(1, 0, 0), c(0, 0, 1), c(1, 0, 1), c(1, 1, 1), c(1, 0, 0))
long <- data.frame(y = as.vector(t(marks)), model = factor(rep(1:3, nrow(marks))), problem = factor(rep(seq_len(nrow(marks)), each = 3)))
q <- symmetry_test(y ~ model | problem, long, teststat = "quadratic")
keep("cochran_q", "symmetry_test(teststat = 'quadratic')", list(outcomes = marks),
  list(statistic = statistic(q)[[1]], p_value = as.numeric(pvalue(q))), "coin")
for (k in c(3, 12)) keep("nemenyi_critical_difference", "qtukey", list(k = k, n = 40, alpha = .05),
  list(q_alpha = qtukey(.95, k, Inf) / sqrt(2)), tolerance = 1e-6)
gains <- rbind(c(.5, 1.2), c(.3, -.4), c(1.1, .9), c(-.2, .8), c(.9, .1), c(.7, 1.4))
both <- cbind(0 * t(gains), t(gains))[, as.vector(rbind(1:6, 7:12))]
sink(nullfile()); m <- multtest::mt.maxT(both, rep(0:1, 6), test = "pairt", B = 0); sink()
keep("westfall_young_maxt", "mt.maxT(test = 'pairt', B = 0)", list(differences = gains, statistic = "abs_t"),
  list(statistic_observed = abs(m$teststat[order(m$index)]), p_raw = m$rawp[order(m$index)], p_adjusted = m$adjp[order(m$index)]), "multtest")

# Strata
strata <- list(c(9, 12, 5, 11), c(4, 10, 3, 12), c(2, 9, 0, 8))
cube <- array(sapply(strata, function(x) c(x[1], x[2] - x[1], x[3], x[4] - x[3])), c(2, 2, 3))
given <- lapply(strata, function(x) list(x1 = x[1], n1 = x[2], x2 = x[3], n2 = x[4]))
plain <- mantelhaen.test(cube, correct = FALSE); corrected <- mantelhaen.test(cube); exact <- mantelhaen.test(cube, exact = TRUE)
keep("cochran_mantel_haenszel", "mantelhaen.test", list(strata = given, conf_level = .95), list(statistic = plain$statistic[[1]],
  p_value = plain$p.value, statistic_cc = corrected$statistic[[1]], p_value_cc = corrected$p.value, p_exact = exact$p.value,
  odds_ratio = plain$estimate[[1]], or_lower = plain$conf.int[1], or_upper = plain$conf.int[2]))
exact <- mantelhaen.test(cube, exact = TRUE, conf.level = .95)
keep("exact_common_odds_ratio", "mantelhaen.test(exact = TRUE)", list(strata = given), limits(exact$conf.int), tolerance = 1e-3) # its uniroot stops at 1e-4
m <- rma.mh(ai = sapply(strata, `[`, 1), n1i = sapply(strata, `[`, 2), ci = sapply(strata, `[`, 3), n2i = sapply(strata, `[`, 4),
  measure = "OR", correct = FALSE, add = 0, drop00 = FALSE)
keep("breslow_day", "rma.mh", list(strata = given), list(odds_ratio_mh = exp(m$beta[[1]]), statistic = m$BD, p_value = m$BDp,
  statistic_tarone = m$TA, p_value_tarone = m$TAp), "metafor", 1e-7)
t <- prop.trend.test(c(9, 6, 2), c(12, 14, 11))
keep("trend", "prop.trend.test", list(successes = c(9, 6, 2), totals = c(12, 14, 11)), list(chi_square = t$statistic[[1]], p_asymptotic = t$p.value))
rows <- data.frame(y = rep(rep(c(1, 0), 3), c(9, 3, 6, 8, 2, 9)), level = rep(0:2, c(12, 14, 11)))
keep("trend", "independence_test(distribution = 'exact')", list(successes = c(9, 6, 2), totals = c(12, 14, 11)),
  list(p_value = as.numeric(pvalue(independence_test(level ~ factor(y), rows, distribution = "exact")))), "coin")

# Regression, Rasch
set.seed(20261126)
outcomes <- t(sapply(rnorm(40, sd = 1.4), function(u) as.integer(runif(4) < plogis(u + c(.9, .3, -.2, -.8)))))
names <- paste0("m", 1:4); hard <- rep(c("easy", "hard"), c(22, 18))
rows <- data.frame(y = as.vector(t(outcomes)), model = factor(rep(names, 40)), difficulty = factor(rep(hard, each = 4)), problem = rep(1:40, each = 4))
called <- function(v) { names(v) <- sub("difficulty", "difficulty:", sub("model", "model:", sub("\\(Intercept\\)", "intercept", names(v)))); as.list(v) }
glm <- glm(y ~ model + difficulty, binomial, rows, control = list(epsilon = 1e-15))
errors <- function(v) called(sqrt(diag(v)))
inputs <- list(models = names, difficulties = c("easy", "hard"), problem_difficulty = hard, outcomes = outcomes)
keep("cluster_robust_logistic", "glm, vcovCL", inputs, list(coefficients = called(coef(glm)), se_model = errors(vcov(glm)),
  se_cr0 = errors(vcovCL(glm, ~problem, type = "HC0", cadjust = FALSE)), se_cr1 = errors(vcovCL(glm, ~problem, type = "HC0")),
  se_cr1s = errors(vcovCL(glm, ~problem, type = "HC1"))), "sandwich", 1e-7)
tight <- geese.control(epsilon = 1e-12, maxit = 500)
gee <- geeglm(y ~ model + difficulty, binomial, rows, id = problem, corstr = "exchangeable", control = tight)
robust <- summary(gee)$coefficients[, 2]; names(robust) <- names(coef(gee))
keep("gee_by_problem", "geeglm(corstr = 'exchangeable')", inputs, list(coefficients_exchangeable = called(coef(gee)),
  robust_se_exchangeable = called(robust)), "geepack", 4e-3)
rasch <- raschmodel(outcomes, reltol = 1e-14)
keep("rasch_conditional_ml", "raschmodel", list(outcomes = outcomes), list(difficulty_first_zero = c(0, coef(rasch)),
  se_first_zero = c(0, sqrt(diag(vcov(rasch)))), conditional_log_likelihood = as.numeric(logLik(rasch))), "psychotools", 1e-5)
erm <- eRm::RM(outcomes)
keep("rasch_conditional_ml", "RM", list(outcomes = outcomes), list(difficulty_sum_zero = -unname(erm$betapar),
  se_sum_zero = unname(erm$se.beta)), "eRm", 1e-4)
mixed <- glmer(y ~ 0 + model + (1 | problem), rows, binomial, nAGQ = 25, control = glmerControl(optCtrl = list(rhoend = 1e-9), optimizer = "bobyqa"))
patterns <- lapply(1:40, function(i) list(responses = outcomes[i, ], count = 1))
keep("rasch_marginal_ml", "glmer(nAGQ = 25)", list(patterns = patterns), list(difficulty = -unname(fixef(mixed)),
  sigma = attr(VarCorr(mixed)$problem, "stddev")[[1]], log_likelihood = as.numeric(logLik(mixed))), "lme4", 2e-4)
# Warm's equation, solved as it stands in the paper
ability <- c(.9, .2, -.3, -.8)
warm <- function(score) uniroot(function(e) { p <- plogis(e + ability)
  score - sum(p) + sum(p * (1 - p) * (1 - 2 * p)) / (2 * sum(p * (1 - p))) }, c(-12, 12), tol = 1e-13)$root
keep("easiness_by_score", "uniroot", list(ability = ability), list(easiness = sapply(0:4, warm)), tolerance = 1e-8)

# Runtimes
times <- c(2, 5, 5, 7, 9, 11, 11, 14, 20, 20); done <- c(1, 1, 0, 1, 1, 1, 1, 0, 1, 0)
expected <- list()
for (kind in c("plain", "log", "log-log")) {
  ends <- quantile(survfit(Surv(times, done) ~ 1, conf.type = kind), .5)
  expected[[sub("-", "_", paste0("lower_", kind))]] <- ends$lower[[1]]; expected[[sub("-", "_", paste0("upper_", kind))]] <- ends$upper[[1]]
}
keep("kaplan_meier_median", "survfit", list(times = times, events = done, conf_level = .95), c(expected, median_left = quantile(survfit(Surv(times, done) ~ 1), .5)$quantile[[1]]), "survival")
other <- c(3, 4, 5, 5, 6, 8, 9, 10, 10, 12); finished <- c(1, 1, 1, 1, 1, 1, 1, 0, 1, 1)
third <- c(1, 9, 12, 15, 20, 20); ended <- c(1, 1, 1, 0, 0, 0)
groups <- list(list(times, done), list(other, finished), list(third, ended))
for (k in 2:3) {
  rows <- do.call(rbind, lapply(1:k, function(i) data.frame(t = groups[[i]][[1]], e = groups[[i]][[2]], g = i)))
  test <- survdiff(Surv(t, e) ~ g, rows)
  keep("log_rank", "survdiff", list(groups = groups[1:k]), list(statistic = test$chisq, p_value = pchisq(test$chisq, k - 1, lower.tail = FALSE),
    observed = test$obs, expected = test$exp), "survival")
}
a <- c(1.2, 3.4, .7, 2.2, 5.1); b <- c(1.9, 2.6, 1.1, 2.1, 7.7, 4.4, 6)
w <- t.test(a, b, conf.level = .9)
keep("welch_difference", "t.test", list(count_a = 5, mean_a = mean(a), std_a = sd(a), count_b = 7, mean_b = mean(b), std_b = sd(b), level = .9),
  list(lower = w$conf.int[1], upper = w$conf.int[2], p_value = w$p.value, degrees_of_freedom = w$parameter[[1]]))
keep("box_statistics", "quantile, boxplot", list(values = b), as.list(setNames(quantile(b, c(.25, .5, .75)), c("lower_quartile", "median", "upper_quartile"))))

# Bayes
post <- function(x, n) c(x + .5, n - x + .5)
better <- function(x, n, y, m) integrate(function(p) dbeta(p, post(x, n)[1], post(x, n)[2]) * pbeta(p, post(y, m)[1], post(y, m)[2]), 0, 1, rel.tol = 1e-12)$value
keep("probability_better", "integrate(dbeta * pbeta)", list(successes_a = 7, n_a = 12, successes_b = 4, n_b = 15), list(probability = better(7, 12, 4, 15)), tolerance = 1e-9)
keep("probability_better_paired", "pbeta", list(only_first = 9, only_second = 3), list(probability = pbeta(.5, 9.5, 3.5, lower.tail = FALSE)))

# Power, by every outcome
n <- 14; power <- 0
for (b in 0:n) for (c in 0:(n - b)) if (b + c > 0 && binom.test(b, b + c)$p.value <= .05) power <- power + dmultinom(c(b, c, n - b - c), prob = c(.45, .1, .45))
keep("mcnemar_power", "binom.test, dmultinom", list(n = n, p_first_only = .45, p_second_only = .1, alpha = .05), list(power_exact = power))
power <- 0
for (a in 0:9) for (b in 0:11) if (fisher.test(matrix(c(a, 9 - a, b, 11 - b), 2))$p.value <= .05) power <- power + dbinom(a, 9, .9) * dbinom(b, 11, .25)
keep("fisher_power", "fisher.test, dbinom", list(n1 = 9, n2 = 11, p1 = .9, p2 = .25, alpha = .05), list(power_fisher = power))

cat(paste0("[\n", paste(sapply(found, toJSON, auto_unbox = TRUE, digits = NA, null = "null", na = "null"), collapse = ",\n"), "\n]\n"), file = commandArgs(TRUE)[1])
