/**
 * @file name_words.c
 * Tables only; see name_words.h. Every table is sorted by word and found by bisection.
 * Source: opensanctions/rigour (MIT), stopwords, for most stop words.
 */
#include "feeds/name_words.h"

#include <pthread.h>

#include "feeds/name_form_words.h"
#include "feeds/name_trade_words.h"
#include "feeds/word_table.h"

#define TOLD_LETTERS_MIN 4 /* of a word of a company form that is none beside other words */

enum stop_in { STOP_PERSON = 1 << 0, STOP_ORGANISATION = 1 << 1, STOP_VESSEL = 1 << 2, STOP_ANY = 7 };

struct stop {
	struct tw_slice word;
	uint32_t domains;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

static const struct stop stops[] = {
    {WORD("a"), STOP_ANY},
    {WORD("abd"), STOP_PERSON},
    {WORD("abu"), STOP_PERSON},
    {WORD("ad"), STOP_ANY},
    {WORD("al"), STOP_ANY},
    {WORD("an"), STOP_ANY},
    {WORD("and"), STOP_ANY},
    {WORD("ar"), STOP_ANY},
    {WORD("as"), STOP_ANY},
    {WORD("at"), STOP_ANY},
    {WORD("ben"), STOP_PERSON},
    {WORD("bin"), STOP_PERSON},
    {WORD("bint"), STOP_PERSON},
    {WORD("by"), STOP_ORGANISATION},
    {WORD("da"), STOP_ANY},
    {WORD("das"), STOP_ANY},
    {WORD("de"), STOP_ANY},
    {WORD("del"), STOP_ANY},
    {WORD("den"), STOP_ANY},
    {WORD("der"), STOP_ANY},
    {WORD("des"), STOP_ANY},
    {WORD("di"), STOP_ANY},
    {WORD("do"), STOP_ANY},
    {WORD("dos"), STOP_ANY},
    {WORD("dr"), STOP_PERSON},
    {WORD("du"), STOP_ANY},
    {WORD("e"), STOP_ANY},
    {WORD("el"), STOP_ANY},
    {WORD("et"), STOP_ANY},
    {WORD("for"), STOP_ANY},
    {WORD("haji"), STOP_PERSON},
    {WORD("hajji"), STOP_PERSON},
    {WORD("i"), STOP_ANY},
    {WORD("ibn"), STOP_PERSON},
    {WORD("in"), STOP_ANY},
    {WORD("la"), STOP_ANY},
    {WORD("le"), STOP_ANY},
    {WORD("les"), STOP_ANY},
    {WORD("los"), STOP_ANY},
    {WORD("maulavi"), STOP_PERSON},
    {WORD("mawlawi"), STOP_PERSON},
    {WORD("mr"), STOP_PERSON},
    {WORD("mrs"), STOP_PERSON},
    {WORD("ms"), STOP_PERSON},
    {WORD("mullah"), STOP_PERSON},
    {WORD("of"), STOP_ANY},
    {WORD("oglu"), STOP_PERSON},
    {WORD("ogly"), STOP_PERSON},
    {WORD("on"), STOP_ORGANISATION},
    {WORD("ould"), STOP_PERSON},
    {WORD("prof"), STOP_PERSON},
    {WORD("shaykh"), STOP_PERSON},
    {WORD("sheikh"), STOP_PERSON},
    {WORD("the"), STOP_ANY},
    {WORD("to"), STOP_ORGANISATION},
    {WORD("ul"), STOP_ANY},
    {WORD("und"), STOP_ANY},
    {WORD("van"), STOP_PERSON},
    {WORD("ve"), STOP_ORGANISATION},
    {WORD("von"), STOP_PERSON},
    {WORD("with"), STOP_ORGANISATION},
    {WORD("y"), STOP_ANY},
    {WORD("zu"), STOP_PERSON},
};

/* Source: usual prefixes of ships' names in manifests (motor vessel, motor tanker, motor ship, steam ship). */
static const char *const ship_prefixes[] = {"mv", "mt", "ms", "ss"};

static struct tw_word_table stop_table = TW_WORD_TABLE(stops);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_table(void)
{
	tw_word_table_open(&stop_table);
}

bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain)
{
	static const uint32_t in_domain[] = {0, STOP_PERSON, STOP_ORGANISATION, STOP_VESSEL, STOP_VESSEL};
	pthread_once(&opened, open_table);
	const struct stop *stop = tw_word_find(&stop_table, word);
	return stop && (stop->domains & in_domain[domain]);
}

/* Source: endings of patronymics in Russian, Ukrainian, Belarusian, by the usual romanisations and as name_spelling.h has them. A surname may end so
 * too (Abramovich): it weighs less, and is compared all the same. */
static bool is_patronymic(struct tw_slice word)
{
	static const struct tw_slice endings[] = {WORD("ovich"), WORD("evich"), WORD("ovych"), WORD("evych"), WORD("yovych"),
	                                          WORD("ovna"),  WORD("evna"),  WORD("ivna"),  WORD("ouna"),  WORD("auna")};
	for (size_t i = 0; word.len && (word.ptr[word.len - 1] == 'h' || word.ptr[word.len - 1] == 'a') && i < sizeof(endings) / sizeof(endings[0]);
	     i++) {
		uint32_t length = endings[i].len;
		if (word.len > length + 1 && memcmp(word.ptr + word.len - length, endings[i].ptr, length) == 0) {
			return true;
		}
	}
	return false;
}

bool tw_name_is_minor(struct tw_slice word, enum tw_name_domain domain)
{
	switch (domain) {
	case TW_NAME_OF_PERSON:
		return is_patronymic(word);
	case TW_NAME_OF_ORGANISATION:
		return tw_name_is_trade(word) || (word.len >= TOLD_LETTERS_MIN && tw_name_is_form_word(word));
	case TW_NAME_OF_VESSEL:
	case TW_NAME_OF_AIRCRAFT:
		return false;
	}
	return false;
}

struct tw_slice tw_name_ship_number(struct tw_slice word, bool last)
{
	static const struct tw_slice roman[] = {WORD("i"),  WORD("ii"),  WORD("iii"),  WORD("iv"), WORD("v"),
	                                        WORD("vi"), WORD("vii"), WORD("viii"), WORD("ix"), WORD("x")};
	static const struct tw_slice spoken[] = {WORD("one"), WORD("two"),   WORD("three"), WORD("four"), WORD("five"),
	                                         WORD("six"), WORD("seven"), WORD("eight"), WORD("nine"), WORD("ten")};
	static const struct tw_slice digits[] = {WORD("1"), WORD("2"), WORD("3"), WORD("4"), WORD("5"),
	                                         WORD("6"), WORD("7"), WORD("8"), WORD("9"), WORD("10")};
	while (word.len > 1 && word.ptr[0] == '0') {
		word.ptr++;
		word.len--;
	}
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		if (tw_slice_equal(word, roman[i]) || (last && tw_slice_equal(word, spoken[i]))) {
			return digits[i];
		}
	}
	return word;
}

bool tw_name_is_ship_prefix(struct tw_slice word)
{
	for (size_t i = 0; i < sizeof(ship_prefixes) / sizeof(ship_prefixes[0]); i++) {
		if (tw_slice_is(word, ship_prefixes[i])) {
			return true;
		}
	}
	return false;
}
