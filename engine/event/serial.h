/**
 * @file serial.h
 * Serial numbers as numbers: "AB-000417" is 417 of the series AB, six digits wide. What a range covers, and whether two meet, follows from it.
 *
 *     reduced   letters and digits of ASCII alone, upper case; spaces, dashes, dots and slashes dropped
 *     series    what stands before the last run of digits; the width of that run belongs to it: AB17 and AB0017 are two series
 *
 * A serial that ends in a letter, holds other signs, or has more than TW_SERIAL_DIGITS digits at its end has no number: it is compared as text.
 * Source: International Tracing Instrument (A/60/88, annex), II: a unique marking with serial number; the form is the project's reading of it.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_SERIAL_H
#define TIDEWAITER_ENGINE_EVENT_SERIAL_H

#include <stdbool.h>
#include <tidewaiter/marking.h>

#define TW_SERIAL_DIGITS 18U /* at the end of a serial: so that any fits 64 bits */
#define TW_SERIAL_BYTES  64U /* of a reduced serial; longer ones have no number */

struct tw_serial {
	char text[TW_SERIAL_BYTES]; /**< reduced */
	uint32_t length;
	uint32_t digits; /**< of the number at its end: 1 to TW_SERIAL_DIGITS */
	uint64_t number;
};

/** @return false when the text has no number; `out` undefined */
bool tw_serial_read(struct tw_slice text, struct tw_serial *out);
/** Whether a sign stands for one that nobody could read: AB??1417 of a filed-off weapon. */
static inline bool tw_serial_is_unread(char c)
{
	return c == '?' || c == '*';
}
/** Whether some sign of a mark is unread: it is no other mark than itself, and in no series. */
bool tw_serial_is_partial(struct tw_slice text);
/** @return whether both are of one series: the same letters before a number of the same width */
bool tw_serial_alike(const struct tw_serial *a, const struct tw_serial *b);

/** Sets `pieces`: of a serial 1, of a range the numbers from `from` to `to`, both counted; else, and where the ends do not meet, not stated. */
void tw_serial_count(struct tw_marking *marking);

#define TW_COMPONENTS_TOLD 16U /* different ones that are told apart: a weapon has a handful of marked components */
/**
 * How many different serials, and makers, the marks on components (receiver, barrel, slide ...) of one weapon have. Case and punctuation do not
 * count; a maker whose name begins another's is the same. At most TW_COMPONENTS_TOLD are told; not stated where no mark names a component.
 * @param marks struct tw_marking @param make of the weapon, for a mark that states none
 * Source: Directive (EU) 2021/555, article 1(1)(2): essential components; International Tracing Instrument (A/60/88, annex), marking.
 */
void tw_serial_components(const struct tw_list *marks, struct tw_text make, struct tw_count *serials, struct tw_count *makes);

#endif
