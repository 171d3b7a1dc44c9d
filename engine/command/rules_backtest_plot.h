/**
 * @file rules_backtest_plot.h
 * The drawings of a backtest's page: inline SVG without a script, coloured by the page's own style sheet so that light and dark both read; each has a
 * name and a description for who does not see it, and what it shows stands in a table beside it. Private to the page.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_BACKTEST_PLOT_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_BACKTEST_PLOT_H

#include "engine/command/rules_backtest.h"

void tw_plot_lanes(const struct tw_backtest *backtest, FILE *out);
/** Consignments with an alert, day by day. Nothing for a history of one day. @return false: no memory */
bool tw_plot_days(const struct tw_backtest *backtest, FILE *out);
/** @param order of tw_backtest_order */
void tw_plot_rules(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out);
/** The rules of the pairs that fire most often together. */
void tw_plot_overlap(const struct tw_backtest *backtest, FILE *out);
/** Shares found with their intervals; nothing where nothing was examined. */
void tw_plot_precision(const struct tw_backtest *backtest, const uint32_t *order, uint32_t count, FILE *out);

#endif
