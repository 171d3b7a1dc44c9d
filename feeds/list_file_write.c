/**
 * @file list_file_write.c
 * Writing the file of list_file.h, section by section behind a head that is written last. What reports point at is put behind the index's texts,
 * once each.
 */
#include "feeds/list_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file_replace.h"
#include "engine/base/hash.h"
#include "feeds/list_file_layout.h"

#define UNWRITTEN         "cannot write the compiled lists"
#define EXTRA_BLOCK_BYTES 16384U
#define SLICE_END         (offsetof(struct tw_slice, len) + sizeof(uint32_t))

struct extra {
	const char *from;
	uint32_t len;
	uint64_t at; /* in the section of texts */
};

struct writer {
	struct tw_list_index index; /* a copy: what is asked of it is read only, its report is the one to be written */
	struct tw_arena arena;
	struct tw_list extras; /* struct extra */
	uint64_t extra_at;     /* where the next one goes */
	struct tw_list_file_head head;
	struct tw_list_file_section section[TW_LIST_FILE_SECTIONS];
	int file;
	uint64_t offset;
	bool short_of_memory;
};

static uint64_t aligned(uint64_t offset)
{
	return (offset + TW_LIST_FILE_ALIGN - 1) / TW_LIST_FILE_ALIGN * TW_LIST_FILE_ALIGN;
}

/* Zeros up to the next one are the file's holes. */
static bool section_write(struct writer *writer, const char *name, const void *bytes, uint64_t size, uint64_t element_bytes)
{
	if (writer->head.sections == TW_LIST_FILE_SECTIONS) {
		errno = EOVERFLOW;
		return false;
	}
	struct tw_list_file_section *section = &writer->section[writer->head.sections++];
	snprintf(section->name, sizeof(section->name), "%s", name);
	section->offset = writer->offset;
	section->bytes = size;
	section->element_bytes = element_bytes;
	section->sum = tw_hash64(bytes, size, TW_LIST_FILE_SEED);
	writer->offset = aligned(writer->offset + size);
	return size == 0 || tw_file_write_at(writer->file, bytes, size, section->offset);
}

/* ---- pointers ---- */

/* The place of a text behind the index's own. @return UINT64_MAX without memory */
static uint64_t extra_place(struct writer *writer, const char *text, uint32_t len)
{
	const struct extra *known = writer->extras.data;
	for (uint32_t i = 0; i < writer->extras.count; i++) {
		if (known[i].len == len && (known[i].from == text || memcmp(known[i].from, text, len) == 0)) {
			return known[i].at;
		}
	}
	struct extra *added = tw_list_push(&writer->arena, &writer->extras, sizeof(*added));
	if (!added) {
		writer->short_of_memory = true;
		return UINT64_MAX;
	}
	*added = (struct extra){text, len, writer->extra_at};
	writer->extra_at += (uint64_t)len + 1;
	return added->at;
}

/* As a distance from the first text; UINT64_MAX for NULL without a count. */
static uint64_t place_of(struct writer *writer, const struct tw_list_pointer *pointer, const char *element)
{
	const char *to;
	uint32_t count = 0;
	memcpy(&to, element, sizeof(to));
	if (pointer->count_at == TW_LIST_NO_COUNT) {
		return to ? extra_place(writer, to, (uint32_t)strlen(to)) : UINT64_MAX;
	}
	memcpy(&count, element - pointer->at + pointer->count_at, sizeof(count));
	return count ? extra_place(writer, to, count) : 0;
}

static void element_translate(struct writer *writer, const struct tw_list_array *array, char *element)
{
	for (uint32_t i = 0; i < array->pointer_count; i++) {
		const struct tw_list_pointer *pointer = &array->pointers[i];
		for (uint32_t r = 0; r < pointer->repeat; r++) {
			char *at = element + pointer->at + (size_t)r * pointer->stride;
			uint64_t place = place_of(writer, pointer, at);
			memcpy(at, &place, sizeof(place));
			if (pointer->count_at != TW_LIST_NO_COUNT) {
				/* what lies behind a slice's length belongs to nobody: the same sources make the same bytes */
				memset(at + SLICE_END, 0, sizeof(struct tw_slice) - SLICE_END);
			}
		}
	}
}

static bool array_write(struct writer *writer, const struct tw_list_array *array)
{
	const char *from;
	size_t size = array->array.count * array->array.element_bytes;
	memcpy(&from, array->array.pointer, sizeof(from));
	if (!array->pointer_count) {
		return section_write(writer, array->name, from, size, array->array.element_bytes);
	}
	char *copy = malloc(size + 1);
	if (!copy) {
		writer->short_of_memory = true;
		return false;
	}
	if (size) {
		memcpy(copy, from, size);
	}
	for (uint64_t i = 0; i < array->array.count; i++) {
		element_translate(writer, array, copy + i * array->array.element_bytes);
	}
	bool good = !writer->short_of_memory && section_write(writer, array->name, copy, size, array->array.element_bytes);
	free(copy);
	return good;
}

static bool texts_write(struct writer *writer)
{
	char *copy = calloc(writer->extra_at + 1, 1);
	const struct extra *extras = writer->extras.data;
	if (!copy) {
		writer->short_of_memory = true;
		return false;
	}
	if (writer->index.text_bytes) {
		memcpy(copy, writer->index.text, writer->index.text_bytes);
	}
	for (uint32_t i = 0; i < writer->extras.count; i++) {
		memcpy(copy + extras[i].at, extras[i].from, extras[i].len);
	}
	bool good = section_write(writer, "text", copy, writer->extra_at, 1);
	free(copy);
	return good;
}

/* The structure itself, with what its plain members say, and no pointer. */
static bool image_write(struct writer *writer)
{
	struct tw_list_index *image = &writer->index;
	struct tw_list_array array;
	image->text_bytes = (uint32_t)writer->extra_at;
	for (uint32_t i = 0; tw_list_array_at(image, i, &array); i++) {
		/* arrays that tell another's size are still there: counts were read, sizes do not matter any more */
		memset(array.array.pointer, 0, sizeof(void *));
	}
	memset(&image->arena, 0, sizeof(image->arena));
	image->map = NULL;
	image->map_bytes = 0;
	for (uint32_t domain = 0; domain < TW_LIST_DOMAINS; domain++) {
		image->fuzzy[domain].rules = NULL;
		image->fuzzy[domain].scan = TW_SCAN_SCALAR;
		image->script[domain].names = NULL;
	}
	return section_write(writer, TW_LIST_FILE_INDEX, image, sizeof(*image), sizeof(*image));
}

/* ---- the file ---- */

/* Room for the largest table is left, so that sections need not wait for their number. */
static bool sections_write(struct writer *writer)
{
	struct tw_list_array array;
	writer->offset = sizeof(writer->head) + sizeof(writer->section);
	for (uint32_t i = 0; tw_list_array_at(&writer->index, i, &array); i++) {
		bool texts = array.array.pointer == &writer->index.text;
		if (!texts && !array_write(writer, &array)) {
			return false;
		}
	}
	return texts_write(writer) && image_write(writer);
}

static bool head_write(struct writer *writer)
{
	struct tw_list_file_head *head = &writer->head;
	head->bytes = writer->offset;
	head->table_sum = tw_hash64(writer->section, sizeof(writer->section), TW_LIST_FILE_SEED);
	head->sum = tw_hash64(head, offsetof(struct tw_list_file_head, sum), TW_LIST_FILE_SEED);
	return ftruncate(writer->file, (off_t)head->bytes) == 0 && tw_file_write_at(writer->file, head, sizeof(*head), 0) &&
	       tw_file_write_at(writer->file, writer->section, sizeof(writer->section), sizeof(*head));
}

static bool fill(int file, void *context)
{
	struct writer *writer = context;
	writer->file = file;
	return sections_write(writer) && head_write(writer);
}

static bool fill_copy(int file, void *context)
{
	const struct tw_list_index *index = context;
	return tw_file_write_at(file, index->map, index->map_bytes, 0);
}

static bool reports_copy(struct writer *writer, const struct tw_list_report *reports, uint32_t count)
{
	struct tw_list_report *copy = tw_arena_alloc(&writer->arena, (count + 1) * sizeof(*copy));
	for (uint32_t i = 0; copy && i < count; i++) {
		copy[i] = reports[i];
		memset(&copy[i].stale, 0, sizeof(copy[i].stale));
		memset(&copy[i].unkept, 0, sizeof(copy[i].unkept));
	}
	writer->index.report = copy;
	writer->index.report_count = count;
	return copy != NULL;
}

enum tw_code tw_list_file_write(const char *path, const struct tw_list_index *index, const struct tw_list_report *reports, uint32_t report_count,
                                struct tw_slice reference, uint64_t *bytes, struct tw_error *err)
{
	struct writer *writer = calloc(1, sizeof(*writer));
	if (!writer) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compile the lists", path, NULL);
	}
	tw_arena_init(&writer->arena, EXTRA_BLOCK_BYTES, 0);
	writer->index = *index;
	writer->extra_at = index->text_bytes;
	enum tw_code code = TW_OK;
	if (!tw_list_file_head_make(reference, &writer->head)) {
		code = tw_fail(err, TW_E_LIMIT, TW_STOP, "the code lists have no digest", path, NULL);
	} else if (!reports_copy(writer, reports, report_count)) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compile the lists", path, NULL);
	} else {
		code = tw_file_replace(path, fill, writer, UNWRITTEN, err);
	}
	if (code == TW_E_IO && writer->short_of_memory) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to compile the lists", path, NULL);
	}
	if (code == TW_OK && bytes) {
		*bytes = writer->head.bytes;
	}
	tw_arena_fini(&writer->arena);
	free(writer);
	return code;
}

enum tw_code tw_list_file_copy(const struct tw_list_index *index, const char *path, struct tw_error *err)
{
	struct tw_list_index copy = *index;
	return tw_file_replace(path, fill_copy, &copy, UNWRITTEN, err);
}
