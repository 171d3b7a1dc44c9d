/**
 * @file pattern_probe.h
 * What can be known of a pattern before any event: that no text meets it, or that some text makes it give up.
 *
 * *Never* is decided where it is plain: a literal that must stand before the begin or after the end of the text, (?!) or \b\B in every alternative,
 * letters that a lookahead asks for where others stand. *Giving up* is tried: texts made of the pattern's own words, repeated, with an end that does
 * not fit, under the limits that events meet (TW_PATTERN_MATCH_LIMIT). A pattern that passes the probe may still give up on another text; one that
 * fails it does give up. Source: OWASP, Regular expression Denial of Service; PCRE2 10.42, pcre2api (match limit).
 */
#ifndef TIDEWAITER_RULES_PATTERN_PROBE_H
#define TIDEWAITER_RULES_PATTERN_PROBE_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_PROBE_UNIT_BYTES 64U
/** Longer than any honest description, shorter than the longest text. Source: WCO Data Model, goods description an..512. */
#define TW_PROBE_TEXT_BYTES 2048U

struct tw_pattern_probe {
	bool gives_up;
	char unit[TW_PROBE_UNIT_BYTES];   /**< what was repeated */
	char prefix[TW_PROBE_UNIT_BYTES]; /**< what stood before */
};

/** @param pattern one that PCRE2 accepts */
bool tw_pattern_never(struct tw_slice pattern);
/** @param pattern one that PCRE2 accepts @param arena scratch: left as it was found @return TW_OK with `out` written, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_pattern_probe(struct tw_slice pattern, struct tw_arena *arena, struct tw_pattern_probe *out, struct tw_error *err);

#endif
