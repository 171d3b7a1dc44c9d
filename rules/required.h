/**
 * @file required.h
 * Which literal texts must a pattern's match contain? "(rifle|pistol)s? part" needs "rifle" or "pistol" (and " part").
 *
 * Conservative: whatever the reader does not understand makes it say "none known", never a literal that a match could lack.
 * Literals are ASCII, lower case, of two bytes or more. A character beyond ASCII counts as the pseudo-literal TW_REQUIRED_FOREIGN: the
 * text must hold some byte of 0x80 or more. Source: the required-literal algebra of Cox, "Regular Expression Matching with
 * a Trigram Index", 2012, reduced to literals.
 */
#ifndef TIDEWAITER_RULES_REQUIRED_H
#define TIDEWAITER_RULES_REQUIRED_H

#include <tidewaiter/slice.h>

#define TW_REQUIRED_MAX       16U /* alternatives; more filter worse than they cost */
#define TW_REQUIRED_BYTES_MAX 24U /* the first bytes of a literal decide enough */

#define TW_REQUIRED_FOREIGN '\x80' /* first byte of the pseudo-literal */

struct tw_required {
	uint32_t count; /**< a match contains at least one of them; 0: nothing is known */
	struct tw_required_text {
		uint8_t len;
		char bytes[TW_REQUIRED_BYTES_MAX];
	} text[TW_REQUIRED_MAX];
};

/** @param pattern one that PCRE2 has accepted with CASELESS and UTF, no other option that changes the syntax */
void tw_required_of(struct tw_slice pattern, struct tw_required *out);

#endif
