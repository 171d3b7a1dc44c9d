/**
 * @file name_fuzz.c
 * Any bytes as a name of any domain (the first byte says which): its forms are within their bounds, and what it meets in a small index, by
 * similar words and by words without vowels, is what comparing with every name meets.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "feeds/name_detail.h"
#include "feeds/name_script_index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const listed[] = {"Yusuf Harrow Quillfeather",
                                     "Muhammad Ahmad al-Naqil",
                                     "Abdulrahman Nasir",
                                     "Heron Gull Trading Co. Ltd.",
                                     "Sea Heron 7",
                                     "Юсуф Квилл",
                                     "محمد ناصر",
                                     "Hailu Technology (Shenzhen) Co Ltd"};
#define LISTED (sizeof(listed) / sizeof(listed[0]))

static struct tw_arena arena;
static struct tw_name_index names[3];
static struct tw_script_index scripts[3];

static void require(bool holds)
{
	if (!holds) {
		abort();
	}
}

static void open_indexes(void)
{
	struct tw_name_source sources[LISTED];
	tw_arena_init(&arena, 65536, 0);
	for (uint32_t i = 0; i < LISTED; i++) {
		sources[i] = (struct tw_name_source){tw_slice_str(listed[i]), i};
	}
	for (uint32_t i = 0; i < 3; i++) {
		require(tw_name_index_build(&names[i], (enum tw_name_domain)(TW_NAME_OF_PERSON + i), sources, LISTED, &arena));
		require(tw_script_index_build(&scripts[i], &names[i], &arena));
	}
}

static void note(void *context, uint32_t name, struct tw_name_agreement agreement)
{
	*(uint64_t *)context += (uint64_t)agreement.ppm * 31 + agreement.weight + name;
}

static void ask_script(uint32_t domain, struct tw_slice text, struct tw_arena *scratch)
{
	struct tw_script_forms forms;
	require(tw_script_forms_make(text, (enum tw_name_domain)(TW_NAME_OF_PERSON + domain), scratch, &forms));
	require(forms.count <= TW_SCRIPT_FORMS_MAX && (!forms.count || tw_script_asks(text) || domain == 1));
	uint64_t got = 0, expected = 0;
	require(tw_script_index_search(&scripts[domain], NULL, &forms, 700000, scratch, (struct tw_name_listener){note, &got}));
	require(tw_script_index_search_all(&scripts[domain], &forms, 700000, scratch, (struct tw_name_listener){note, &expected}));
	require(got == expected);
}

static void ask(uint32_t domain, struct tw_slice text, struct tw_arena *scratch)
{
	struct tw_name_forms forms;
	struct tw_name_memo *memo = tw_name_memo_new(&names[domain]);
	require(memo && tw_name_forms_make(text, (enum tw_name_domain)(TW_NAME_OF_PERSON + domain), scratch, &forms));
	require(forms.count <= TW_NAME_FORMS_MAX);
	for (uint32_t i = 0; i < forms.count; i++) {
		uint64_t got = 0, expected = 0;
		require(forms.form[i].count && forms.form[i].count <= TW_NAME_TOKENS_MAX);
		require(tw_name_index_search(&names[domain], memo, &forms.form[i], 700000, (struct tw_name_listener){note, &got}));
		tw_name_index_search_all(&names[domain], &forms.form[i], 700000, (struct tw_name_listener){note, &expected});
		require(got == expected);
	}
	tw_name_memo_free(memo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!names[0].rules) {
		open_indexes();
	}
	if (size < 2 || size > TW_NAME_BYTES_MAX) {
		return 0;
	}
	struct tw_arena scratch;
	struct tw_slice text = {(const char *)data + 1, (uint32_t)size - 1};
	tw_arena_init(&scratch, 65536, 0);
	ask(data[0] % 3, text, &scratch);
	ask_script(data[0] % 3, text, &scratch);
	require(tw_name_written_alike(text, text) <= 1000000);
	tw_arena_fini(&scratch);
	return 0;
}
