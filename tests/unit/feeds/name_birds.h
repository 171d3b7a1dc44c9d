/** @file name_birds.h  Twenty names of persons, their index, and what is known of words that were met in it: what tests of the search begin with. */
#ifndef TIDEWAITER_TESTS_UNIT_FEEDS_NAME_BIRDS_H
#define TIDEWAITER_TESTS_UNIT_FEEDS_NAME_BIRDS_H

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/name_index.h"
#include "feeds/name_similar.h"

static const char *const names[] = {"Yusuf Tern",     "Yusef Quill",   "Yusuf A Quill", "Yusuf A B Tern", "Anna Wren",
                                    "B Anna Wren",    "Orla B C Wren", "Ivo Lark",      "Ivo Finch",      "Petra Crane",
                                    "Otto Crane",     "Lena Swift",    "Nils Martin",   "Greta Dunnock",  "Sven Plover",
                                    "Marta Redstart", "Ilse Pipit",    "Karl Siskin",   "Edda Linnet",    "Anton Brambling"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static struct tw_arena arena;
static struct tw_name_index name_index;
static struct tw_similar_memo memo;

static void birds_begin(void)
{
	struct tw_name_source source[NAMES];
	for (uint32_t i = 0; i < NAMES; i++) {
		source[i] = (struct tw_name_source){{names[i], (uint32_t)strlen(names[i])}, i};
	}
	tw_arena_init(&arena, 1 << 16, 0);
	cr_assert(tw_name_index_build(&name_index, TW_NAME_OF_PERSON, source, NAMES, &arena));
	cr_assert(tw_similar_init(&memo, &name_index));
}

static void birds_end(void)
{
	tw_similar_fini(&memo);
	tw_arena_fini(&arena);
}

/* @return a word with what it meets */
static struct tw_similar *bird_meet(const char *text)
{
	struct tw_name_form_token token = {.text = {text, (uint32_t)strlen(text)}, .word = TW_WORD_PLAIN};
	struct tw_name_term term = tw_name_term_make(&token, TW_NAME_OF_PERSON);
	struct tw_similar *word = tw_similar_word(&memo, &term);
	cr_assert(tw_similar_meet(&memo, word));
	return word;
}

#endif
