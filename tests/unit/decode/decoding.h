/**
 * @file decoding.h
 * What the decoder's tests share: one decoder with its arena, fixtures read from tests/data/events, and short ways to ask.
 */
#ifndef TIDEWAITER_TESTS_UNIT_DECODE_DECODING_H
#define TIDEWAITER_TESTS_UNIT_DECODE_DECODING_H

#include "engine/base/arena.h"
#include "engine/decode/decode.h"

/* The state of the running test; Criterion runs every test in a process of its own. */
struct decoding {
	struct tw_decoder *decoder;
	struct tw_arena arena;
	struct tw_event event;
	struct tw_reject reject;
	struct tw_error error;
};

extern struct decoding now;

/* Test fixtures: .init and .fini */
void decoding_init(void);
void decoding_fini(void);

/* Decode a terminated string, which must outlive the use of now.event. */
enum tw_code decode_text(enum tw_family family, const char *json);
enum tw_code decode_bytes(enum tw_family family, const char *bytes, size_t size);
/* A declared consignment whose only item, besides line and description, has these members. @return the item, NULL when refused */
const struct tw_item *decode_item(const char *members);
/* The same with members of the consignment. @return NULL when refused */
const struct tw_consignment *decode_consignment(const char *members);
/* Source text under a span. */
struct tw_slice span_text(struct tw_span span);
const struct tw_warning *warning_at(uint32_t index);

/* A fixture's family is the first word of its name. */
enum tw_family fixture_family(const char *name);
/* Bytes of tests/data/events/FOLDER/NAME in the arena. */
struct tw_slice fixture_read(const char *folder, const char *name);
/* Names of the folder's *.json, in the arena. */
struct tw_list fixture_names(const char *folder);

/* One line of an EXPECTED.tsv, its five columns. */
struct expectation {
	char *columns[5];
};
/* @return how many lines were read into `out` */
uint32_t expectations_read(const char *folder, struct expectation *out, uint32_t room);

#endif
