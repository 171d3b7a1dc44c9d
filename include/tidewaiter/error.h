/**
 * @file error.h
 * What went wrong, where, and what the caller should do about it.
 *
 * Every fallible function returns an `enum tw_code` (0 is success) and fills a caller-passed `struct tw_error`. `what` is constant
 * text that never needs freeing; `where` places the fault for a person (file:line:column, JSON pointer, byte, topic/partition/offset);
 * `detail` carries the values: the unknown key, the nearest name, the server's own words. Bugs are asserted; bad input never is.
 */
#ifndef TIDEWAITER_ERROR_H
#define TIDEWAITER_ERROR_H

#define TW_ERROR_WHERE_BYTES  256
#define TW_ERROR_DETAIL_BYTES 384

#if defined(__GNUC__)
#define TW_MUST_USE                          __attribute__((warn_unused_result))
#define TW_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define TW_MUST_USE
#define TW_PRINTF(format_index, first_index)
#endif

/** Kinds of failure. Stable: printed by name in logs and dead letters (tw_code_name). */
enum tw_code {
	TW_OK = 0,
	TW_E_MEMORY,   /**< the allocator or an arena's ceiling refused */
	TW_E_LIMIT,    /**< a bound of limits.h was passed */
	TW_E_SYNTAX,   /**< the bytes are not what their format says */
	TW_E_TYPE,     /**< well-formed, but of the wrong type */
	TW_E_MISSING,  /**< a required field, file, topic or key is absent */
	TW_E_RANGE,    /**< a value outside its domain */
	TW_E_UNKNOWN,  /**< a name nobody knows (setting, field, predicate, type) */
	TW_E_CONFLICT, /**< two statements that cannot both hold (duplicate key, duplicate rule id) */
	TW_E_IO,       /**< the operating system or a peer failed; often worth a retry */
	TW_E_AUTH,     /**< a peer refused our credentials or our rights */
	TW_E_STALE,    /**< somebody else moved on (watermark, epoch, generation): place again */
	TW_E_CORRUPT,  /**< bytes that we wrote ourselves do not check */
};

/** What the caller should do. */
enum tw_disposition {
	TW_STOP = 0, /**< stop, tell a person: going on would lose or invent something */
	TW_REJECT,   /**< this record, rule or list cannot be used; its neighbours can */
	TW_RETRY,    /**< the same call may succeed later */
};

/** Caller-owned. Left untouched by functions that return TW_OK. */
struct tw_error {
	enum tw_code code;
	enum tw_disposition disposition;
	const char *what;                   /**< constant text, never NULL after a failure */
	char where[TW_ERROR_WHERE_BYTES];   /**< may be empty */
	char detail[TW_ERROR_DETAIL_BYTES]; /**< may be empty */
};

/**
 * Fill `err` (which may be NULL) and return `code`, so that a failing path is one line.
 * @param what   constant text, borrowed for ever
 * @param where  copied, cut to its bound; NULL for none
 * @param detail printf format, cut to its bound; NULL for none
 */
enum tw_code tw_fail(struct tw_error *err, enum tw_code code, enum tw_disposition disposition, const char *what, const char *where,
                     const char *detail, ...) TW_PRINTF(6, 7);

/** @return the stable lower-case name of a code, e.g. "limit"; never NULL. Threads: any. */
const char *tw_code_name(enum tw_code code);

/**
 * Render as "what: where: detail" for a person.
 * @return `buffer`, always terminated; cut at `size` (at least 1)
 */
const char *tw_error_text(const struct tw_error *err, char *buffer, unsigned long size);

#endif
