/**
 * @file serial_forms.h
 * How makers form their serials: a centre's own table, against which a mark is held.
 *
 *     maker,model,form,source
 *     Samplearms,,"[A-Z]{2}[0-9]{4,6}",maker's letter of 2024-03-02
 *     Samplearms,SR-9,"9[0-9]{6}K?",proof house register
 *
 * A form is a small part of what patterns are elsewhere, and stands for the whole serial, letters and digits of it alone, in upper case: letters,
 * digits and classes as [A-Z0-9], each with {n}, {n,m} or ? behind it; alternatives with | between them. At most
 * TW_SERIAL_FORM_SIGNS signs long. A row without a model is about all models of its maker, one with a model about that one. A serial is well formed
 * when one row that is about it says so. Every row says where its form comes from.
 *
 * Invariant: the file is read whole or refused with its line; what is loaded never changes. No allocation when asked. Threads: any.
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8: serial numbers are the manufacturer's; forms come with the rows.
 */
#ifndef TIDEWAITER_FEEDS_SERIAL_FORMS_H
#define TIDEWAITER_FEEDS_SERIAL_FORMS_H

#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/history.h>
#include <tidewaiter/slice.h>

struct tw_arena;
struct tw_serial_forms;
struct tw_register_sink;

#define TW_SERIAL_FORMS_HEADER    "maker,model,form,source"
#define TW_SERIAL_FORMS_BYTES_MAX (4U * 1024U * 1024U)
#define TW_SERIAL_FORM_SIGNS      63U /* of one alternative: one bit each, and one for its end */

/** What a paper states of a mark; texts as received. */
struct tw_serial_form_question {
	struct tw_slice maker, model; /**< model empty: not stated */
	struct tw_slice value;
};

/**
 * @param path a CSV file with the header above
 * @return TW_OK; TW_E_MISSING (no file; a row without maker, form or source), TW_E_SYNTAX (a form, a header), TW_E_LIMIT, TW_E_IO, TW_E_MEMORY;
 *         where = file:line
 */
TW_MUST_USE enum tw_code tw_serial_forms_load(const char *path, struct tw_serial_forms **out, struct tw_error *err);
/** tw_serial_forms_load from memory. @param name for messages @param bytes borrowed for the call */
TW_MUST_USE enum tw_code tw_serial_forms_read(const char *name, struct tw_slice bytes, struct tw_serial_forms **out, struct tw_error *err);
/** As tw_serial_forms_read, with every fault said to the sink, and nothing kept. @return TW_OK, or that of the first fault */
TW_MUST_USE enum tw_code tw_serial_forms_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err);
void tw_serial_forms_free(struct tw_serial_forms *forms);

/** @return 64 hex digits: SHA-256 over the file's bytes */
struct tw_slice tw_serial_forms_digest(const struct tw_serial_forms *forms);
/** @param makers out: different ones @return rows */
uint32_t tw_serial_forms_count(const struct tw_serial_forms *forms, uint32_t *makers);

/**
 * @param forms NULL: there are none
 * @param arena rewound @param full set at its ceiling
 * @return what the rows say; 0: none is about it, or nothing is stated
 */
enum tw_serial_form tw_serial_forms_ask(const struct tw_serial_forms *forms, const struct tw_serial_form_question *question, struct tw_arena *arena,
                                        bool *full);

#endif
