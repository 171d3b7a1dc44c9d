/**
 * @file list_file_fuzz.c
 * A compiled file of lists with bytes changed: refused with what and where, or, where its sums were made good again, it can be walked and asked.
 *
 * The file is written by the run itself. Input: edits of 6 bytes, section, place (3), bits to flip, and whether the sums are made good. What only
 * the checksums answer for, the fuzzy indexes and their numbers, is not changed under good sums.
 */
#include <string.h>

#include "feeds/list_entry.h"
#include "feeds/list_file.h"
#include "tests/fuzz/list_fuzz.h"
#include "tests/fuzz/memory_file.h"
#include "tests/unit/feeds/list_file_seal.h"

#define EDIT_BYTES 6
#define FILE_MAX   (1U << 20)

static char whole[FILE_MAX];
static size_t whole_size;

static void need(bool fits)
{
	if (!fits) {
		abort();
	}
}

static struct tw_list_index *small_index(void)
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct tw_list_builder builder = {.stage = {stage}, .stage_count = 1};
	struct tw_list_index *index = NULL;
	struct tw_slice parts[] = {tw_slice_str("14 Wharf Lane"), tw_slice_str("Kestrel Bay")};
	uint32_t entry;
	need(stage != NULL);
	tw_list_stage_init(stage);
	stage->id = tw_slice_str("xa-list");
	need(tw_list_stage_entry(stage, tw_slice_str("7"), TW_ENTRY_PERSON, 1, &entry));
	need(tw_list_stage_name(stage, entry, tw_slice_str("QUILLFEATHER, Yusuf Harrow"), TW_NAME_PRIMARY));
	need(tw_list_stage_name(stage, entry, tw_slice_str("Harrowman J. Quillfeather"), TW_NAME_WEAK));
	need(tw_list_stage_birth(stage, entry, (struct tw_list_date){1961, 4, 9, false}));
	need(tw_list_stage_identifier(stage, entry, "passport", tw_slice_str("A-992535"), tw_slice_str("")));
	need(tw_list_stage_address(stage, entry, parts, 2, tw_slice_str("Kestrel Bay"), tw_slice_str("")));
	need(tw_list_stage_link(stage, entry, TW_LINK_OWNED_BY, tw_slice_str("8")));
	need(tw_list_stage_entry(stage, tw_slice_str("8"), TW_ENTRY_VESSEL, 2, &entry));
	need(tw_list_stage_name(stage, entry, tw_slice_str("SEA HERON 1"), TW_NAME_PRIMARY));
	need(tw_list_index_build(&builder, &index, NULL) == TW_OK);
	tw_list_stage_fini(stage);
	free(stage);
	return index;
}

static void whole_make(void)
{
	char path[] = "/tmp/tw-list-file-fuzz-XXXXXX";
	struct tw_list_report report = {.id = tw_slice_str("xa-list"), .date = tw_slice_str("2026-01-02"), .skip_count = 1};
	struct tw_list_index *index = small_index();
	int file = mkstemp(path);
	report.skip[0] = (struct tw_list_skip){"an alias without a name", 3, 17, false};
	need(file >= 0 && close(file) == 0 && tw_list_file_write(path, index, &report, 1, tw_slice_str(""), NULL, NULL) == TW_OK);
	FILE *in = fopen(path, "rb");
	need(in != NULL);
	whole_size = fread(whole, 1, sizeof(whole), in);
	need(whole_size && whole_size < sizeof(whole) && fclose(in) == 0 && unlink(path) == 0);
	tw_list_index_free(index);
}

static bool is_checked(const struct tw_list_file_section *section, size_t at)
{
	if (strcmp(section->name, TW_LIST_FILE_INDEX) == 0) {
		return at < offsetof(struct tw_list_index, fuzzy);
	}
	return strncmp(section->name, "persons.", 8) != 0 && strncmp(section->name, "organisations.", 14) != 0 &&
	       strncmp(section->name, "vessels.", 8) != 0;
}

/* @return whether a byte is another one */
static bool edit(char *bytes, const uint8_t *data, size_t size, bool sealed)
{
	for (size_t i = 0; i + EDIT_BYTES <= size; i += EDIT_BYTES) {
		struct tw_list_file_section section;
		size_t at = (size_t)data[i + 1] << 16 | (size_t)data[i + 2] << 8 | data[i + 3];
		list_file_section(whole, data[i], &section);
		if (!sealed) {
			bytes[(data[i] << 12 ^ at) % whole_size] ^= (char)data[i + 4];
		} else if (section.bytes && is_checked(&section, at % section.bytes)) {
			bytes[section.offset + at % section.bytes] ^= (char)data[i + 4];
		}
	}
	return memcmp(bytes, whole, whole_size) != 0;
}

/* Everything that can be read of it. */
static void walk(const struct tw_list_index *index)
{
	struct tw_list_entry entry;
	struct tw_list texts;
	struct tw_matches matches;
	struct tw_arena arena;
	tw_arena_init(&arena, 65536, 0);
	for (uint32_t at = 0; tw_list_index_at(index, at, &entry); at++) {
		for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
			need(tw_list_field_texts(&entry, (enum tw_list_field)field, &arena, &texts));
		}
	}
	list_fuzz_answered(tw_list_index_screen(index, tw_slice_str("Yusuf Harrow Quillfeather"), TW_ENTRY_UNKNOWN, &arena, &matches, NULL));
	list_fuzz_answered(tw_list_index_screen(index, tw_slice_str("SEA HERON 1"), TW_ENTRY_VESSEL, &arena, &matches, NULL));
	list_fuzz_answered(tw_list_index_identify(index, tw_slice_str("passport"), tw_slice_str("A992535"), &arena, &matches, NULL));
	(void)tw_list_index_entry(index, tw_slice_str("xa-list"), tw_slice_str("8"), &entry);
	tw_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char bytes[FILE_MAX];
	struct tw_list_index *index = NULL;
	struct tw_error err = {.code = TW_OK};
	struct memory_file file;
	if (!whole_size) {
		whole_make();
	}
	memcpy(bytes, whole, whole_size);
	bool sealed = size && data[0] & 1, changed = edit(bytes, data + (size ? 1 : 0), size ? size - 1 : 0, sealed);
	if (sealed) {
		list_file_seal(bytes);
	}
	memory_file_open(&file, (const uint8_t *)bytes, whole_size);
	enum tw_code code = tw_list_file_open(file.path, tw_slice_str(""), &index, &err);
	if (code == TW_OK) {
		need(sealed || !changed); /* every byte is covered */
		walk(index);
	} else {
		need(changed && err.what && err.where[0]);
	}
	tw_list_index_free(index);
	memory_file_close(&file);
	return 0;
}
