/**
 * @file name.h
 * Names made comparable: what two spellings of one name have in common, as a key that is equal or not.
 *
 *     "Al-Salam Trading Co., L.L.C."      tokens  al salam trading co llc      organisation  o al salam trading
 *     "TRADING AL SALAM"                  tokens  trading al salam             organisation  o al salam trading
 *     "IYAD AG GHALI"                     tokens  iyad ag ghali                person        p ag ghali iyad
 *
 * A key is the name's domain and its sorted tokens: word order, case, accents, punctuation, hyphens do not count. Apostrophes join
 * ("Qa'ida" is "qaida"), "&" is "and", single letters in a row are one token ("S.A." is "sa"). Company forms are taken off both ends
 * of an organisation's name, never out of its middle and never off a person's: "AG" is a form in Zürich and a name in Kidal.
 *
 * Invariant: the key of a text does not depend on anything but the text and the domain, so lists and events meet in one function.
 * Source: legal forms after the org_types table of opensanctions/rigour (MIT); name.c says which are not.
 */
#ifndef TIDEWAITER_FEEDS_NAME_H
#define TIDEWAITER_FEEDS_NAME_H

#include <tidewaiter/error.h>
#include <tidewaiter/limits.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/** What sort of thing a name is compared as. Keys of two domains are never equal. */
enum tw_name_domain { TW_NAME_OF_PERSON = 1, TW_NAME_OF_ORGANISATION, TW_NAME_OF_VESSEL, TW_NAME_OF_AIRCRAFT };

struct tw_name_token {
	struct tw_slice text;
	bool initials; /**< made of single letters that stood in a row */
};

struct tw_name_tokens {
	struct tw_name_token token[TW_NAME_TOKENS_MAX];
	uint32_t count;
	bool overflow; /**< there were more: such a name has no key */
};

/**
 * Fold a name and cut it into tokens, in the order they stand.
 * @param text  UTF-8, any length up to TW_TEXT_BYTES_MAX; borrowed for the call
 * @param arena the tokens' bytes live until its reset
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_split(struct tw_slice text, struct tw_arena *arena, struct tw_name_tokens *out);

/**
 * The key of split tokens in one domain.
 * @param out in `arena`; length 0 when the name has nothing to compare: empty, only company forms, one token under 3 characters,
 *            more than TW_NAME_TOKENS_MAX tokens
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_key(const struct tw_name_tokens *tokens, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out);

/** Cut the first word off a text whose words have one space between them. @return the word */
struct tw_slice tw_name_next_word(struct tw_slice *rest);

#endif
