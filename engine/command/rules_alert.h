/**
 * @file rules_alert.h
 * Which alert `rules explain ALERT EVENTS` asks about: one of a file that `screen` or `run` wrote.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_ALERT_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_ALERT_H

#include "engine/base/arena.h"
#include "engine/emit/alert_reader.h"

/**
 * Is this word a file of alerts, and not a rule? FILE, or FILE#ID: an alert's id or a consignment's.
 * @return true when such a file is there and it is no YAML
 */
bool tw_rules_alert_is(const char *word);

/**
 * @param word as tw_rules_alert_is takes it; without an ID the file's last alert, with one the last that has it
 * @param arena keeps the alert
 * @param out  written on TW_OK only
 * @return TW_OK; TW_E_IO, TW_E_LIMIT (64 MiB), TW_E_MISSING (no such alert), TW_E_SYNTAX and others of tw_alert_read with file:line, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rules_alert_read(const char *word, struct tw_arena *arena, struct tw_alert_view *out, struct tw_error *err);

#endif
