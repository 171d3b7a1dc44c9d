/**
 * @file required.h
 * Which literal texts must a pattern's match contain? "(rifle|pistol)s? part" needs "rifle" or "pistol" (and "part").
 *
 * Conservative: whatever the reader does not understand makes it say "none known", never a literal that a match could lack.
 * Literals are of two bytes or more, in the form of tw_required_char with one blank for any run of them: they stand in the text in that form with a
 * blank before and behind it. "\bak[\s-]*47\b" needs " ak47 " or " ak 47 ". A character beyond ASCII counts as the pseudo-literal
 * TW_REQUIRED_FOREIGN: the text must hold some byte of 0x80 or more. Source: the required-literal algebra of Cox, "Regular Expression Matching with
 * a Trigram Index", 2012, reduced to literals.
 */
#ifndef TIDEWAITER_RULES_REQUIRED_H
#define TIDEWAITER_RULES_REQUIRED_H

#include <tidewaiter/slice.h>

#define TW_REQUIRED_MAX       16U /* alternatives; more filter worse than they cost */
#define TW_REQUIRED_BYTES_MAX 24U /* the first bytes of a literal decide enough */

#define TW_REQUIRED_HALF 2U /* rarity of what stands in every second text */

#define TW_REQUIRED_FOREIGN '\x80' /* first byte of the pseudo-literal */

#define TW_REQUIRED_ALSO_MAX  4U
#define TW_REQUIRED_GRAMS_MAX 12U

/** A match contains at least one of these too: keys as required_key.h has them. */
struct tw_required_also {
	uint32_t count;
	uint64_t key[TW_REQUIRED_GRAMS_MAX];
	uint32_t rarity[TW_REQUIRED_GRAMS_MAX];
};

struct tw_required {
	bool exact; /**< where one of them stands in a text of ASCII alone, the pattern matches */
	uint32_t also_count;
	struct tw_required_also also[TW_REQUIRED_ALSO_MAX];
	uint32_t count; /**< a match contains at least one of them; 0: nothing is known */
	struct tw_required_text {
		uint8_t len;
		char bytes[TW_REQUIRED_BYTES_MAX];
	} text[TW_REQUIRED_MAX];
};

/**
 * The form in which literals and texts are compared: letters, digits and the underscore in lower case, everything else a blank. A text's other
 * characters are blanks too, but U+017F and U+212A, which are their letter.
 */
char tw_required_char(char c);

/** @param pattern one that PCRE2 has accepted with CASELESS and UTF, no other option that changes the syntax */
void tw_required_of(struct tw_slice pattern, struct tw_required *out);

#endif
