/**
 * @file address.c
 * Addresses as bags of words and numbers, the best partner for each; see address.h.
 *
 *     read      tw_name_split -> abbreviations written out -> numbers ("17b" is 17), common words, words of place and street
 *     compare   equal ones first, then similar words; each side's weight that found its partner
 *
 * Invariant: the lesser text is always the left side, so which of two is asked about which does not show in the result.
 */
#include "feeds/address.h"

#include <pthread.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/name_compare.h"
#include "feeds/word_table.h"

#define WORD_WEIGHT      4
#define LONG_WEIGHT      5 /* of a word of LONG_LETTERS or more */
#define LONG_LETTERS     8
#define NUMBER_WEIGHT    3
#define NUMBER_AGAINST   6 /* of each number that either side has in the place of the other's: the next house is another address */
#define COMMON_WEIGHT    1
#define BEYOND           4      /* a quarter of what only the fuller address has: papers leave out floors, districts and postcodes */
#define SAME_WORDS_MIN   3      /* without a number in common, "Main Street, Springfield" is everywhere */
#define NUMBERED_MIN     3      /* with one: a word counts two, a number one: a street and a house, or three numbers ("Calle 10 No. 12-46") */
#define TOKEN_PPM_NEARLY 900000 /* Jaro-Winkler of two words of an address: a letter amiss in six */

struct token {
	struct tw_name_pattern pattern;
	enum tw_address_word kind;
	uint32_t weight;
};

struct side {
	struct token token[TW_NAME_TOKENS_MAX];
	uint32_t count;
	uint64_t met; /* a bit a token */
};

struct address_word {
	struct tw_slice word, means;
};

#define SLICE(text)                                                                                                                                  \
	{                                                                                                                                            \
		(text), sizeof(text) - 1                                                                                                             \
	}
#define MEANS(word, whole)                                                                                                                           \
	{                                                                                                                                            \
		SLICE(word), SLICE(whole)                                                                                                            \
	}
#define ITSELF(word) MEANS(word, word)

/* What says little of where a place is, also as it is written short or in another language. Sorted. Source: Universal Postal Union, S42, thoroughfare
 * and building types; USPS Publication 28, appendix C, for most abbreviations; the others are usual on bills of lading. */
static const struct address_word common_words[] = {
    ITSELF("al"),
    ITSELF("and"),
    ITSELF("apartment"),
    MEANS("apt", "apartment"),
    ITSELF("area"),
    MEANS("av", "avenue"),
    MEANS("ave", "avenue"),
    MEANS("avenida", "avenue"),
    ITSELF("avenue"),
    ITSELF("behind"),
    MEANS("bina", "building"),
    MEANS("bld", "building"),
    MEANS("bldg", "building"),
    MEANS("blk", "block"),
    ITSELF("block"),
    MEANS("blvd", "boulevard"),
    ITSELF("boulevard"),
    ITSELF("box"),
    ITSELF("building"),
    MEANS("bulvar", "boulevard"),
    MEANS("cad", "avenue"),
    MEANS("caddesi", "avenue"),
    MEANS("calle", "street"),
    ITSELF("center"),
    MEANS("centre", "center"),
    ITSELF("city"),
    ITSELF("corner"),
    ITSELF("county"),
    ITSELF("d"),
    ITSELF("de"),
    ITSELF("del"),
    MEANS("dist", "district"),
    ITSELF("district"),
    ITSELF("dom"),
    MEANS("dr", "drive"),
    ITSELF("drive"),
    MEANS("e", "east"),
    ITSELF("east"),
    ITSELF("el"),
    ITSELF("estate"),
    ITSELF("fax"),
    MEANS("fl", "floor"),
    MEANS("flat", "apartment"),
    ITSELF("floor"),
    MEANS("flr", "floor"),
    ITSELF("free"),
    ITSELF("g"),
    ITSELF("highway"),
    ITSELF("house"),
    MEANS("hwy", "highway"),
    MEANS("ind", "industrial"),
    MEANS("indl", "industrial"),
    ITSELF("industrial"),
    MEANS("kat", "floor"),
    ITSELF("korp"),
    MEANS("kv", "apartment"),
    ITSELF("la"),
    ITSELF("lane"),
    ITSELF("level"),
    MEANS("ln", "lane"),
    MEANS("mah", "district"),
    MEANS("mahallesi", "district"),
    ITSELF("main"),
    MEANS("n", "north"),
    ITSELF("near"),
    ITSELF("next"),
    ITSELF("no"),
    ITSELF("north"),
    MEANS("nr", "near"),
    ITSELF("number"),
    ITSELF("o"),
    ITSELF("of"),
    MEANS("off", "office"),
    ITSELF("office"),
    MEANS("ofis", "office"),
    MEANS("opp", "opposite"),
    ITSELF("opposite"),
    ITSELF("p"),
    ITSELF("park"),
    ITSELF("phase"),
    MEANS("pl", "square"),
    ITSELF("plaza"),
    MEANS("ploshchad", "square"),
    ITSELF("plot"),
    ITSELF("po"),
    MEANS("pob", "box"),
    MEANS("pr", "avenue"),
    MEANS("prospekt", "avenue"),
    MEANS("prov", "province"),
    ITSELF("province"),
    MEANS("rayon", "district"),
    MEANS("rd", "road"),
    ITSELF("region"),
    MEANS("rm", "room"),
    ITSELF("road"),
    ITSELF("room"),
    MEANS("rue", "street"),
    MEANS("s", "south"),
    ITSELF("shop"),
    MEANS("sok", "street"),
    MEANS("sokak", "street"),
    ITSELF("south"),
    MEANS("sq", "square"),
    ITSELF("square"),
    MEANS("st", "street"),
    ITSELF("state"),
    MEANS("ste", "suite"),
    MEANS("str", "street"),
    MEANS("strasse", "street"),
    ITSELF("street"),
    ITSELF("suite"),
    ITSELF("tel"),
    ITSELF("the"),
    ITSELF("to"),
    ITSELF("tower"),
    ITSELF("town"),
    ITSELF("trade"),
    MEANS("ul", "street"),
    MEANS("ulitsa", "street"),
    ITSELF("unit"),
    ITSELF("village"),
    MEANS("w", "west"),
    ITSELF("west"),
    ITSELF("zone"),
};

static struct tw_word_table common_table = TW_WORD_TABLE(common_words);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_table(void)
{
	tw_word_table_open(&common_table);
}

/* "017" is 17; "17b" and "17th" are 17: the letter behind a house's number is left out as often as not. */
static bool number_of(struct tw_slice *word)
{
	uint32_t digits = 0;
	while (digits < word->len && tw_text_is_digit(word->ptr[digits])) {
		digits++;
	}
	if (!digits || word->len - digits > 2) {
		return false;
	}
	word->len = digits;
	while (word->len > 1 && word->ptr[0] == '0') {
		*word = (struct tw_slice){word->ptr + 1, word->len - 1};
	}
	return true;
}

enum tw_address_word tw_address_word(struct tw_slice *word)
{
	pthread_once(&opened, open_table);
	const struct address_word *common = tw_word_find(&common_table, *word);
	*word = common ? common->means : *word;
	return number_of(word) ? TW_ADDRESS_NUMBER : common || word->len == 1 ? TW_ADDRESS_COMMON : TW_ADDRESS_PLACE;
}

static void push(struct side *side, struct tw_slice word)
{
	struct token *token = &side->token[side->count++];
	token->kind = tw_address_word(&word);
	token->weight = token->kind == TW_ADDRESS_NUMBER   ? NUMBER_WEIGHT
	                : token->kind == TW_ADDRESS_COMMON ? COMMON_WEIGHT
	                : word.len < LONG_LETTERS          ? WORD_WEIGHT
	                                                   : LONG_WEIGHT;
	struct tw_name_term term = tw_name_term_make(&(struct tw_name_form_token){word, TW_WORD_PLAIN}, TW_NAME_OF_ORGANISATION);
	tw_name_pattern_make(&token->pattern, &term);
}

static bool read_side(struct tw_slice text, struct tw_arena *scratch, struct side *side)
{
	struct tw_name_tokens tokens;
	side->count = 0;
	side->met = 0;
	if (!tw_name_split(text, scratch, &tokens)) {
		return false;
	}
	for (uint32_t i = 0; i < tokens.count; i++) {
		push(side, tokens.token[i].text);
	}
	return true;
}

static int32_t token_similarity(const struct token *a, const struct token *b)
{
	if (a->kind != b->kind) {
		return 0;
	}
	if (a->pattern.term.len == b->pattern.term.len && memcmp(a->pattern.term.text, b->pattern.term.text, sizeof(a->pattern.term.text)) == 0) {
		return TW_PPM;
	}
	if (a->kind != TW_ADDRESS_PLACE || !a->pattern.term.fuzzy || !b->pattern.term.fuzzy) {
		return 0;
	}
	int32_t here = tw_jaro_winkler(&a->pattern, &b->pattern.term), there = tw_jaro_winkler(&b->pattern, &a->pattern.term);
	int32_t ppm = here < there ? here : there;
	return ppm < TOKEN_PPM_NEARLY ? 0 : ppm;
}

/* What two addresses have in common. */
struct common_ground {
	int64_t agreed; /* ppm * weight of pairs, the lesser of both sides */
	uint32_t words, numbers;
};

static void pair(struct side *a, struct side *b, uint32_t i, uint32_t j, int32_t ppm, struct common_ground *ground)
{
	uint32_t left = a->token[i].weight, right = b->token[j].weight;
	a->met |= UINT64_C(1) << i;
	b->met |= UINT64_C(1) << j;
	ground->agreed += (int64_t)ppm * (left < right ? left : right);
	ground->words += a->token[i].kind == TW_ADDRESS_PLACE;
	ground->numbers += a->token[i].kind == TW_ADDRESS_NUMBER;
}

/* Pairs of `least` ppm and more, the best free partner for each token. */
static void pair_all(struct side *a, struct side *b, int32_t least, struct common_ground *ground)
{
	for (uint32_t i = 0; i < a->count; i++) {
		int32_t best = 0;
		uint32_t at = 0;
		for (uint32_t j = 0; j < b->count && !(a->met >> i & 1); j++) {
			int32_t ppm = b->met >> j & 1 ? 0 : token_similarity(&a->token[i], &b->token[j]);
			if (ppm > best) {
				best = ppm;
				at = j;
			}
		}
		if (best >= least) {
			pair(a, b, i, at, best, ground);
		}
	}
}

static uint32_t weight_of(const struct side *side)
{
	uint32_t weight = 0;
	for (uint32_t i = 0; i < side->count; i++) {
		weight += side->token[i].weight;
	}
	return weight;
}

static uint32_t lone_numbers(const struct side *side)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < side->count; i++) {
		count += side->token[i].kind == TW_ADDRESS_NUMBER && !(side->met >> i & 1);
	}
	return count;
}

static bool says_enough(const struct common_ground *ground)
{
	return ground->numbers ? ground->words * 2 + ground->numbers >= NUMBERED_MIN : ground->words >= SAME_WORDS_MIN;
}

static int32_t agreement(struct side *a, struct side *b)
{
	struct common_ground ground = {0};
	pair_all(a, b, TW_PPM, &ground);
	pair_all(a, b, 1, &ground);
	uint32_t here = lone_numbers(a), there = lone_numbers(b), apart = here < there ? here : there;
	if (!says_enough(&ground) || (apart && !ground.numbers)) {
		return 0;
	}
	int64_t agreed = ground.agreed - (int64_t)TW_PPM * NUMBER_AGAINST * apart;
	uint32_t left = weight_of(a), right = weight_of(b), lesser = left < right ? left : right;
	int64_t whole = (int64_t)lesser * BEYOND + (left > right ? left - right : right - left);
	return agreed > 0 && whole > 0 ? (int32_t)(agreed * BEYOND / whole) : 0;
}

int32_t tw_address_compare(struct tw_slice a, struct tw_slice b, struct tw_arena *scratch)
{
	struct tw_arena_mark mark = tw_arena_mark(scratch);
	struct side *sides = tw_arena_alloc_raw(scratch, 2 * sizeof(*sides));
	int32_t ppm = 0;
	if (sides && read_side(a, scratch, &sides[0]) && read_side(b, scratch, &sides[1])) {
		bool swapped = tw_slice_compare(a, b) > 0;
		ppm = agreement(&sides[swapped], &sides[!swapped]);
	}
	tw_arena_rewind(scratch, mark);
	return ppm;
}
