/**
 * @file config_reader.h
 * One YAML text on its way into settings: shared by config.c (names and scalars) and config_collections.c. Private to them.
 */
#ifndef TIDEWAITER_ENGINE_RUN_CONFIG_READER_H
#define TIDEWAITER_ENGINE_RUN_CONFIG_READER_H

#include <yaml.h>

#include "engine/run/config.h"

struct tw_config_reader {
	struct tw_settings *settings;
	yaml_parser_t parser;
	yaml_event_t event;
	bool held;
	const char *name;
	const char *folder;
	bool stated[TW_SETTINGS_MAX]; /* rows that this text stated */
	char where[TW_ERROR_WHERE_BYTES];
	struct tw_error *err;
};

/* config.c */
const char *tw_config_where(struct tw_config_reader *reader, yaml_mark_t mark);
/* Place of the held event. */
const char *tw_config_here(struct tw_config_reader *reader);
/* Hold the next event in place of the one held. */
TW_MUST_USE enum tw_code tw_config_next(struct tw_config_reader *reader);
/* The held scalar's text, as it stands. */
const char *tw_config_scalar(const struct tw_config_reader *reader);
TW_MUST_USE enum tw_code tw_config_scalar_expect(struct tw_config_reader *reader, const char *what);
/* The held scalar with its variables filled in. */
TW_MUST_USE enum tw_code tw_config_value(struct tw_config_reader *reader, const char *what, const char **out);
enum tw_code tw_config_memory_out(struct tw_config_reader *reader);

/* config_collections.c: the row's value is held; its last event is held afterwards */
TW_MUST_USE enum tw_code tw_config_paths(struct tw_config_reader *reader, const struct tw_setting *row);
TW_MUST_USE enum tw_code tw_config_pairs(struct tw_config_reader *reader, const struct tw_setting *row);
TW_MUST_USE enum tw_code tw_config_lists(struct tw_config_reader *reader, const struct tw_setting *row);
TW_MUST_USE enum tw_code tw_config_path_push(struct tw_config_reader *reader, struct tw_list *list, const char *path);
/* One entry of a mapping setting; an entry named before is replaced. */
TW_MUST_USE enum tw_code tw_config_pair(struct tw_settings *settings, const struct tw_setting *row, const char *name, const char *value,
                                        const char *where, struct tw_error *err);

#endif
