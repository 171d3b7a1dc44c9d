/**
 * @file bench.h
 * For tests and benchmarks: a bench that evaluates every rule of the event's type by itself, as if there were no index.
 */
#ifndef TIDEWAITER_RULES_BENCH_H
#define TIDEWAITER_RULES_BENCH_H

#include "rules/rules.h"

/** From now on no rule is spared. The findings are the same: the index says "perhaps" of every rule that fires. */
void tw_rule_bench_spare_nothing(struct tw_rule_bench *bench);

#endif
