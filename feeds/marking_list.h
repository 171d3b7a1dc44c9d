/**
 * @file marking_list.h
 * Marks of weapons that an authority reported lost, stolen or destroyed, as a register exports them: what the engine's own events of markings cannot
 * know. One CSV file, read whole or refused with its line, and one sorted table that never changes:
 *
 *     serial,maker,model,calibre,country,status,reported_on,reference
 *     AB 01417,Samplearms,M7,7.62x39,XA,stolen,2025-06-10,XA-2025-118
 *
 * A register that reports weapons by ranges has two more columns, from and to, at the end: a row states a serial, or both ends of a range of one
 * series, and is one entry however many numbers it has. A register's own names of these columns come as a map (tw_marking_list_options): then what is
 * not mapped is passed over, in any order, and only status and serial (or from and to) must be there. A row that cannot be read (a status, a day, a
 * country) refuses the file, unless a share of them may be.
 *
 * A mark is compared by maker and serial as the engine's memory compares it (engine/event/keys.h: letters and digits alone, in any case); a row
 * without a maker is any maker's. Model, calibre and reference are for a person: the answer names the line. A report counts from its day on, by the
 * *event's* time; one without a day always.
 *
 *     row, 40 bytes: hash of the key (16), hash of maker and serial as written (8), day (4), line (4), status (1), padding
 *     range, 56 bytes: hash of maker, letters and width (16), from, to, the tree's last (24), day (4), line (4), status (1), padding
 *
 * Keys are hashes, so they lie evenly: their first bits name a drawer of one or two rows (bench_markings).
 *
 * Two keys share a hash of 128 bits once in 10^24 tables of a million rows, so keys are not held. Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_MARKING_LIST_H
#define TIDEWAITER_FEEDS_MARKING_LIST_H

#include <tidewaiter/error.h>
#include <tidewaiter/history.h>
#include <tidewaiter/slice.h>

struct tw_arena;
struct tw_marking_list;
struct tw_register_sink;

#define TW_MARKING_LIST_HEADER    "serial,maker,model,calibre,country,status,reported_on,reference,from,to"
#define TW_MARKING_LIST_BYTES_MAX (1024U * 1024U * 1024U) /* some 15 million rows */
#define TW_MARKING_LIST_SKIPS     4
/** A range with more numbers is compared with ranges alone: each number is a look-up, some 0.3 us, and a consignment may state many ranges. */
#define TW_MARKING_LIST_NUMBERS_MAX 1000U

/** What was read. */
struct tw_marking_list_report {
	uint32_t lost, stolen, destroyed; /**< reports; a range is one */
	uint32_t ranges;                  /**< of them, those of a range */
	struct {
		const char *reason; /**< constant text */
		uint32_t count, first_line;
	} skip[TW_MARKING_LIST_SKIPS]; /**< rows passed over; those with count 0 did not happen */
	uint64_t bytes;                /**< of its tables */
	char digest[65];               /**< hex SHA-256 over the file's bytes, and over options where there are some */
	bool mapped;                   /**< used where it lies in a compiled file (marking_file.h) */
	struct tw_error stale;         /**< code TW_OK: the file itself is in use; else why its last good copy stands in */
	struct tw_error unkept;        /**< code TW_OK, or why no copy could be kept */
};

/** One report of a mark. */
struct tw_marking_notice {
	enum tw_marking_status status; /**< LOST, STOLEN or DESTROYED */
	bool exact;                    /**< written as asked, blanks, case and punctuation too */
	bool range;                    /**< of a range that it lies in, or that meets it */
	uint32_t line;                 /**< of the file */
};

struct tw_marking_list_options {
	const char *columns; /**< "serial=Serial No, maker=Make, status=State": our name, then the file's; NULL or "": the header above, as it is */
	uint32_t unread_ppm_max; /**< of all rows, those that cannot be read: above it the file is refused with the first of them; 0: none may be */
	/** Called now and then while a long file is read: bytes read, of all, and rows. NULL: nobody looks. It changes nothing of what is read. */
	void (*told)(void *context, uint64_t done, uint64_t total, uint64_t rows);
	void *context;
};
/** What is held against a list before it takes the place of the last good one, and where that is kept. */
struct tw_marking_list_care {
	const char *folder;                   /**< of last good copies; NULL or empty: none is kept */
	bool write;                           /**< keep what loads well; false: only use what is there */
	uint32_t shrink_ppm_max;              /**< share of its reports that a list may lose against the last good one */
	const struct tw_marking_list *former; /**< in use now: the last good one where no copy is kept; NULL: none */
};
#define TW_MARKING_LIST_KEPT "markings.last-good" /* in that folder: a compiled file */

/**
 * tw_marking_list_load with care: a file whose digest is that of the copy is not read again, the copy is mapped; one that is missing, broken or
 * shrunk is replaced by its last good copy where there is one (`stale` of the report says why); a good one is kept. The path may name a compiled
 * file.
 * @return as tw_marking_list_load; TW_E_LIMIT too: it shrank by more than it may, and no copy stands in; of a compiled file as tw_marking_file_open
 */
TW_MUST_USE enum tw_code tw_marking_list_take(const char *path, const struct tw_marking_list_options *options,
                                              const struct tw_marking_list_care *care, struct tw_marking_list **out, struct tw_error *err);
/**
 * @param path a CSV file @param options NULL: none
 * @return TW_OK; TW_E_MISSING (no file, no header, no such column), TW_E_SYNTAX (a header, a map, a status, a day), TW_E_TYPE (a country),
 *         TW_E_LIMIT, TW_E_IO, TW_E_MEMORY; where = file:line
 */
TW_MUST_USE enum tw_code tw_marking_list_load(const char *path, const struct tw_marking_list_options *options, struct tw_marking_list **out,
                                              struct tw_error *err);
/** tw_marking_list_load from memory. @param name for messages @param bytes borrowed for the call */
TW_MUST_USE enum tw_code tw_marking_list_read(const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                                              struct tw_marking_list **out, struct tw_error *err);
/** All that is wrong, to a sink, rows that would be passed over too. @return TW_OK: nothing is; else of the first fault, whatever unread_ppm_max
 * allows */
TW_MUST_USE enum tw_code tw_marking_list_lint(const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                                              const struct tw_register_sink *sink, struct tw_error *err);
void tw_marking_list_free(struct tw_marking_list *list);
const struct tw_marking_list_report *tw_marking_list_report(const struct tw_marking_list *list);

/**
 * The newest report of a mark on a day; of two of one day the graver one, destroyed before stolen before lost.
 * @param list NULL: there is none
 * @param key  of tw_key_marking
 * @param day  days since 1970: reports of later days do not count
 * @param ranges it is a serial: ranges that it lies in count too
 * @return false when there is none
 */
bool tw_marking_list_find(const struct tw_marking_list *list, struct tw_slice key, int32_t day, bool ranges, struct tw_marking_notice *out);

/** The same by maker and serial, and whether they are written the same. @param maker may be empty @param arena for the key: rewound */
bool tw_marking_list_find_mark(const struct tw_marking_list *list, struct tw_slice maker, struct tw_slice serial, int32_t day, struct tw_arena *arena,
                               struct tw_marking_notice *out);

/**
 * The gravest report of any number of a range, destroyed before stolen before lost: of ranges that meet it, and, where it has at most
 * TW_MARKING_LIST_NUMBERS_MAX numbers, of each of them.
 * @param maker may be empty @param from, to its ends, of one series @param arena rewound
 */
bool tw_marking_list_find_range(const struct tw_marking_list *list, struct tw_slice maker, struct tw_slice from, struct tw_slice to, int32_t day,
                                struct tw_arena *arena, struct tw_marking_notice *out);

#endif
