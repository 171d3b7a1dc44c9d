/**
 * @file ledger.h
 * The elements of certificates and markings: their keys and bytes, written from events and read back for answers.
 *
 *     terms   'T' revision be64, content hash be64 -> flags, dates, destination, lines (line, quantity, unit, value, currency)
 *     status  'S' time be64, id hash be64          -> event type, consignment key
 *     draw    'D' consignment key                  -> 1, lines (item line, certificate line, quantity, unit, value, currency),
 *                                                     way, words of the lines (HS, control code, calibre); or 2: ended
 *
 * A draw's *way* is when its consignment departs and which countries it is for: a certificate that is told, or voided, after its draws is
 * held against them without their manifests. So are its goods, by the words that are short: at most TW_DRAW_WORD_MAX bytes of each.
 *
 * A draw element holds *all* lines that one consignment draws on the certificate, so that an amendment that drops or moves a line
 * replaces what was drawn before. A revision that was followed by one without the certificate, or cancelled, has its draw *ended* in place:
 * the same version, and bytes that win over any lines, so that lines and their end may come in either order. Numbers in keys are big-endian with the
 * sign flipped, so that keys sort by time and by revision. Quantities and values are ten-thousandths plus one, 0 for "not stated"; units and
 * currencies are the first four letters or digits of the code, packed. The words of a certificate stand beside its terms: paper.h.
 *
 * Reading is safe on any bytes: what does not fit ends the list.
 * Source: UN Programme of Action on small arms, national report form, elements of an end-user certificate.
 */
#ifndef TIDEWAITER_ENGINE_STATE_LEDGER_H
#define TIDEWAITER_ENGINE_STATE_LEDGER_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "engine/event/unit.h"
#include "engine/state/packed.h"

struct tw_arena;

/** One line of terms or of draws. */
struct tw_ledger_line {
	int64_t item; /**< draws: the manifest's line */
	int64_t line; /**< the certificate's line; 0 when not stated */
	bool stated;  /**< the quantity is */
	int64_t quantity_e4;
	uint32_t unit;
	bool valued; /**< the value is stated */
	int64_t value_e4;
	uint32_t currency; /**< as tw_unit_code packs it; TW_UNIT_NONE: not stated */
	/** Draws: the manifest's, empty where not stated; written with the draw and read by tw_goods_next alone. */
	struct tw_slice hs, control_code, calibre;
};

struct tw_terms {
	bool revision_known; /**< stated, or an issue: its first */
	int64_t revision;
	bool single_stated, single;
	bool lists_serials; /**< some weapon is named by serial or range */
	bool from_stated, until_stated;
	int32_t valid_from, valid_until;
	uint16_t destination; /**< 0: none */
	uint64_t lines_left;
	struct tw_cursor lines;
};

/** Element keys: bytes in the arena, {NULL, 0} at its ceiling. */
struct tw_slice tw_element_key(char class, struct tw_slice name, struct tw_arena *arena);
struct tw_slice tw_element_key_numbers(char class, int64_t first, uint64_t second, struct tw_arena *arena);

/** The revision that an issue or amendment states, or stands for. */
int64_t tw_certificate_revision(const struct tw_event *event);
/** @return whether the event is told before the day on which it takes effect */
bool tw_certificate_is_ahead(const struct tw_event *event);
/** Key and version of what an issue or amendment states: the same for each class. @return false at the arena's ceiling */
bool tw_terms_key(const struct tw_event *event, char class, struct tw_arena *arena, struct tw_element *out);
/** An event's terms as an element. @return false at the arena's ceiling */
bool tw_terms_write(const struct tw_event *event, struct tw_arena *arena, struct tw_element *out);
/** Reads the head and leaves the lines to tw_ledger_next. @return false when the bytes are no terms */
bool tw_terms_read(const struct tw_element *element, struct tw_terms *out);

/** The first byte of a draw, and of what a consignment states in a series: of one version the greater bytes win, so an end beats the lines. */
#define TW_DRAW_STANDS 1
/** What stands in the place of a revision's lines once they are given back. */
struct tw_slice tw_draws_ended(void);
/** @return whether the bytes are draw lines that stand, even none */
bool tw_draws_stand(struct tw_slice bytes);

#define TW_DRAW_WORD_MAX 24U /* bytes of a code or calibre */
#define TW_WAY_COUNTRIES 4U  /* destinations of one consignment that are kept: the first; more are not held against certificates */
struct tw_way {
	bool departs;                       /**< a departure from an origin or a port of loading is stated; else both days are that of the event */
	int32_t first;                      /**< earliest such departure, day since 1970-01-01 */
	int32_t last;                       /**< latest */
	uint16_t country[TW_WAY_COUNTRIES]; /**< of delivery, else of discharge; tw_country_code */
	uint32_t countries;
	bool arrives;    /**< the route states an arrival */
	int32_t arrival; /**< the latest at a place of delivery; without one, of discharge; without one, of the last leg that states one */
	uint16_t pass[TW_WAY_COUNTRIES]; /**< passed on the way, and neither loaded nor delivered in */
	uint32_t passes;
};
/** @param day of the event */
void tw_way_of(const struct tw_consignment *consignment, int32_t day, struct tw_way *out);

/** Draw lines, to be collected one by one. @param way NULL: none is kept @return bytes in the arena */
struct tw_slice tw_draws_write(const struct tw_ledger_line *lines, uint32_t count, const struct tw_way *way, struct tw_arena *arena);
/** The way of a draw that stands. @return false when there is none */
bool tw_draws_way(struct tw_slice bytes, struct tw_way *out);
/** @return cursor over the lines, `left` set: 0 when they ended */
struct tw_cursor tw_draws_read(struct tw_slice bytes, uint64_t *left);
/** @return false at the end or when the bytes stop fitting */
bool tw_ledger_next(struct tw_cursor *cursor, uint64_t *left, struct tw_ledger_line *out);

/** The goods of a draw: its lines with their words. */
struct tw_goods_walk {
	struct tw_cursor lines, words;
	uint64_t left;
};
void tw_goods_begin(struct tw_slice bytes, struct tw_goods_walk *walk);
bool tw_goods_next(struct tw_goods_walk *walk, struct tw_ledger_line *out);

/** Status element of an event: the graver, the higher its version, for at its limit a record drops the lowest.
 *  `at_ms`: when it takes effect.
 *  @return false at the arena's ceiling */
bool tw_status_write(enum tw_event_type type, int64_t at_ms, uint64_t id, struct tw_slice consignment, struct tw_arena *arena,
                     struct tw_element *out);
/** The same of a certificate's event, which may announce its status before the day: until then nothing is different. */
bool tw_certificate_status_write(const struct tw_event *event, int64_t at_ms, uint64_t id, struct tw_slice consignment, struct tw_arena *arena,
                                 struct tw_element *out);
/** @param element a status @return whether it was announced before its day */
bool tw_status_is_ahead(const struct tw_element *element);
/** How grave a status event of a certificate is: 1 issued to 8 revoked; 0: of another kind. */
uint32_t tw_status_gravity(enum tw_event_type type);
/** @return the event type, 0 when the bytes are no status */
enum tw_event_type tw_status_read(const struct tw_element *element, int64_t *at_ms);

/**
 * A certificate's status at `at_ms`, by the time each status takes effect, never silently un-revoked:
 * revoked and lost are final; a failed authentication is ended by a later authentication alone; a suspension by a reinstatement alone,
 * which gives back what was there before. The gravest of what holds is the answer: revoked, lost, authentication failed, suspended,
 * authenticated, issued. Of statuses of one moment the graver is taken as the later.
 * @param authenticated out: authenticated at some time up to then, whatever came after
 */
enum tw_certificate_status tw_certificate_status_at(const struct tw_state *state, int64_t at_ms, bool *authenticated);
/** The status by all that was ever said, but for what was announced ahead of a day that is after `ahead_ms`. Else as above. */
enum tw_certificate_status tw_certificate_status_latest(const struct tw_state *state, int64_t ahead_ms, bool *authenticated);
/** Until when consignments that draw on the certificate depart, the day included. INT64_MIN: none does. */
int64_t tw_certificate_reach(const struct tw_state *state);
/** What a marking event says of its marks; UNKNOWN: nothing. */
enum tw_marking_status tw_marking_status_of(enum tw_event_type type);
/** How bad a status is for whoever ships it: 1 manufactured to 9 destroyed; 0: unknown. */
uint32_t tw_marking_gravity(enum tw_marking_status status);
/** What last happened to a mark up to `at_ms`. */
enum tw_marking_status tw_marking_status_at(const struct tw_state *state, int64_t at_ms);
/** The same of what happened from `from_ms` to `at_ms`, both among it. */
enum tw_marking_status tw_marking_status_within(const struct tw_state *state, int64_t from_ms, int64_t at_ms);
/** Whether that ever happened to a mark up to `at_ms`. */
bool tw_marking_was(const struct tw_state *state, enum tw_marking_status status, int64_t at_ms);

#endif
