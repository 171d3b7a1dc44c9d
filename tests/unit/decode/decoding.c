/**
 * @file decoding.c
 * See decoding.h.
 */
#include "tests/unit/decode/decoding.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

#include <tidewaiter/limits.h>

#include "engine/event/shape.h"

#define EVENTS_FOLDER "tests/data/events"

struct decoding now;

void decoding_init(void)
{
	tw_arena_init(&now.arena, 1 << 20, 0);
	cr_assert(tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX}, &now.decoder, &now.error) == TW_OK);
}

void decoding_fini(void)
{
	tw_decoder_free(now.decoder);
	tw_arena_fini(&now.arena);
}

enum tw_code decode_bytes(enum tw_family family, const char *bytes, size_t size)
{
	now.event = (struct tw_event){.raw = {bytes, (uint32_t)size}};
	now.reject = (struct tw_reject){.byte = 0};
	return tw_decode(now.decoder, family, now.event.raw, NULL, &now.arena, &now.event, &now.reject, &now.error);
}

enum tw_code decode_text(enum tw_family family, const char *json)
{
	return decode_bytes(family, json, strlen(json));
}

#define DECLARED "{\"id\":\"e1\",\"type\":\"consignment.declared\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"s\",\"consignment\":{\"id\":\"C1\","
#define PIPES    "\"items\":[{\"line\":1,\"description\":\"Pipes\""

const struct tw_consignment *decode_consignment(const char *members)
{
	struct tw_slice json = tw_arena_format(&now.arena, DECLARED PIPES "}],%s}}", members);
	return decode_text(TW_FAMILY_MANIFEST, json.ptr) == TW_OK ? &now.event.consignment : NULL;
}

const struct tw_item *decode_item(const char *members)
{
	struct tw_slice json = tw_arena_format(&now.arena, DECLARED PIPES ",%s}]}}", members);
	return decode_text(TW_FAMILY_MANIFEST, json.ptr) == TW_OK ? now.event.consignment.items.data : NULL;
}

struct tw_slice span_text(struct tw_span span)
{
	cr_assert(span.from <= span.to && span.to <= now.event.raw.len);
	return (struct tw_slice){now.event.raw.ptr + span.from, span.to - span.from};
}

const struct tw_warning *warning_at(uint32_t index)
{
	cr_assert_lt(index, now.event.warnings.count, "there are %u warnings", now.event.warnings.count);
	return (const struct tw_warning *)now.event.warnings.data + index;
}

enum tw_family fixture_family(const char *name)
{
	for (int i = 1; i <= TW_FAMILIES; i++) {
		const char *word = tw_family_name((enum tw_family)i);
		if (strncmp(name, word, strlen(word)) == 0) {
			return (enum tw_family)i;
		}
	}
	cr_assert_fail("%s names no family", name);
	return TW_FAMILY_MANIFEST;
}

struct tw_slice fixture_read(const char *folder, const char *name)
{
	struct tw_slice path = tw_arena_format(&now.arena, "%s/%s/%s", EVENTS_FOLDER, folder, name);
	FILE *file = fopen(path.ptr, "rb");
	cr_assert(file, "%s: not there", path.ptr);
	char *bytes = tw_arena_alloc_raw(&now.arena, 65536);
	size_t size = fread(bytes, 1, 65536, file);
	fclose(file);
	return (struct tw_slice){bytes, (uint32_t)size};
}

struct tw_list fixture_names(const char *folder)
{
	struct tw_list names = {.count = 0};
	struct tw_slice path = tw_arena_format(&now.arena, "%s/%s", EVENTS_FOLDER, folder);
	DIR *dir = opendir(path.ptr);
	cr_assert(dir, "%s: not there", path.ptr);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		size_t length = strlen(entry->d_name);
		if (length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0) {
			struct tw_slice *name = tw_list_push(&now.arena, &names, sizeof(*name));
			*name = tw_arena_copy(&now.arena, tw_slice_str(entry->d_name));
		}
	}
	closedir(dir);
	return names;
}

uint32_t expectations_read(const char *folder, struct expectation *out, uint32_t room)
{
	struct tw_slice bytes = fixture_read(folder, "EXPECTED.tsv");
	char *text = tw_arena_alloc(&now.arena, (size_t)bytes.len + 1), *line_rest = NULL;
	memcpy(text, bytes.ptr, bytes.len);
	uint32_t count = 0;
	for (char *line = strtok_r(text, "\n", &line_rest); line; line = strtok_r(NULL, "\n", &line_rest)) {
		char *column_rest = NULL, *column = line[0] == '#' ? NULL : strtok_r(line, "\t", &column_rest);
		for (uint32_t i = 0; column && i < 5; i++, column = strtok_r(NULL, "\t", &column_rest)) {
			cr_assert_lt(count, room);
			out[count].columns[i] = column;
			count += i == 4;
		}
	}
	return count;
}
