/**
 * @file snapshot.h
 * Everything an event is judged by, as one immutable value with one digest: rules, lists, embargoes, reference tables.
 * Built aside, then used; never edited. Shared by all workers of a process. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_SNAPSHOT_H
#define TIDEWAITER_ENGINE_SCREEN_SNAPSHOT_H

#include <stdio.h>
#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>

#include "feeds/embargoes.h"
#include "feeds/known_good.h"
#include "feeds/lists.h"
#include "feeds/marking_list.h"
#include "feeds/quantities.h"
#include "feeds/reference.h"
#include "feeds/serial_forms.h"
#include "feeds/specimens.h"
#include "feeds/suppressions.h"
#include "rules/rules.h"
#include "rules/signature.h"

struct tw_snapshot;

struct tw_snapshot_sources {
	const char *const *rule_paths;
	size_t rule_path_count;
	const struct tw_rule_trust *trust; /**< whose signatures each of them needs; NULL: none */
	const struct tw_list_source *lists;
	size_t list_count;
	const char *compiled;     /**< the file of feeds/list_file.h that the lists are taken from; NULL or empty: from their own files */
	const char *embargoes;    /**< the CSV file */
	const char *reference;    /**< the folder */
	const char *known_good;   /**< the CSV file of feeds/known_good.h; NULL or empty: none */
	const char *suppressions; /**< the CSV file of feeds/suppressions.h; NULL or empty: none */
	const char *markings;     /**< the CSV file of feeds/marking_list.h; NULL or empty: none */
	const char *specimens;    /**< the CSV file of feeds/specimens.h; NULL or empty: none */
	const char *quantities;   /**< the CSV file of feeds/quantities.h; NULL or empty: none */
	const char *serial_forms; /**< the CSV file of feeds/serial_forms.h; NULL or empty: none */
	struct tw_marking_list_options marking_options;
	uint32_t marking_shrink_ppm_max;  /**< of feeds/marking_list.h */
	const char *last_good;            /**< folder of the lists' last good copies; NULL or empty: none are kept */
	bool keep;                        /**< keep the lists that load well there; false: only use what is there */
	const struct tw_snapshot *former; /**< in use now, which new lists are held against; NULL: none */
};

/**
 * @param problems NULL, or a stream that gets one line a problem (rule warnings too)
 * @return TW_OK, or the first failure with its place; nothing is kept then
 */
TW_MUST_USE enum tw_code tw_snapshot_build(const struct tw_snapshot_sources *sources, FILE *problems, struct tw_snapshot **out, struct tw_error *err);
void tw_snapshot_free(struct tw_snapshot *snapshot);

/* What it is made of, borrowed: as long as the snapshot is there. */
const struct tw_snapshot_info *tw_snapshot_info(const struct tw_snapshot *snapshot);
const struct tw_rules *tw_snapshot_rules(const struct tw_snapshot *snapshot);
const struct tw_list_index *tw_snapshot_lists(const struct tw_snapshot *snapshot);
const struct tw_embargoes *tw_snapshot_embargoes(const struct tw_snapshot *snapshot);
const struct tw_reference *tw_snapshot_reference(const struct tw_snapshot *snapshot);
/** @return NULL when none is configured */
const struct tw_known_good *tw_snapshot_known_good(const struct tw_snapshot *snapshot);
/** @return NULL when none are configured */
const struct tw_suppressions *tw_snapshot_suppressions(const struct tw_snapshot *snapshot);
/** @return NULL when none is configured */
const struct tw_marking_list *tw_snapshot_markings(const struct tw_snapshot *snapshot);
/** @return NULL when none is configured */
const struct tw_specimens *tw_snapshot_specimens(const struct tw_snapshot *snapshot);
/** @return NULL when none are configured */
const struct tw_quantities *tw_snapshot_quantities(const struct tw_snapshot *snapshot);
const struct tw_serial_forms *tw_snapshot_serial_forms(const struct tw_snapshot *snapshot);
/** One report a list, in configured order. */
const struct tw_list_report *tw_snapshot_reports(const struct tw_snapshot *snapshot, uint32_t *count);

#endif
