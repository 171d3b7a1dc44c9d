/**
 * @file list_file.c
 * Mapping the file of list_file.h: nothing is believed before the checksums of all of it agree, nothing is used before its place and size are known.
 */
#include "feeds/list_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unicode/uversion.h>
#include <unistd.h>

#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "feeds/list_file_layout.h"

#define INDEX_BLOCK_BYTES (64U * 1024U)

/* Of the sources that read lists and prepare names, by the Makefile: an index that other code made is not the one this code would make. */
#ifndef TW_NAME_RULES
#error "TW_NAME_RULES is not defined"
#endif

struct reader {
	const char *path;
	const char *bytes;
	size_t size;
	const struct tw_list_file_head *head;
	const struct tw_list_file_section *section;
	struct tw_list_index *index;
	struct tw_error *err;
};

/* Sizes and places by which compilers could differ. */
static uint64_t layout_of(void)
{
	const uint64_t facts[] = {sizeof(void *),
	                          sizeof(struct tw_list_index),
	                          sizeof(struct tw_list_entry_row),
	                          sizeof(struct tw_list_name_row),
	                          sizeof(struct tw_list_report),
	                          sizeof(struct tw_list_address_row),
	                          sizeof(struct tw_list_identifier_row),
	                          sizeof(struct tw_list_group),
	                          sizeof(struct tw_list_posting),
	                          sizeof(struct tw_name_index),
	                          sizeof(struct tw_name_term),
	                          offsetof(struct tw_list_index, fuzzy),
	                          offsetof(struct tw_list_index, identifiers),
	                          offsetof(struct tw_list_entry_row, measures),
	                          offsetof(struct tw_name_index, masks),
	                          offsetof(struct tw_name_term, weight)};
	return tw_hash64(facts, sizeof(facts), TW_LIST_FILE_SEED);
}

bool tw_list_file_head_make(struct tw_slice reference, struct tw_list_file_head *out)
{
	UVersionInfo version;
	char icu[U_MAX_VERSION_STRING_LENGTH];
	u_getVersion(version);
	u_versionToString(version, icu);
	memset(out, 0, sizeof(*out));
	memcpy(out->magic, TW_LIST_FILE_MAGIC, sizeof(out->magic));
	out->version = TW_LIST_FILE_VERSION;
	out->byte_order = TW_LIST_FILE_BYTE_ORDER;
	out->layout = layout_of();
	snprintf(out->rules, sizeof(out->rules), "%s icu %.8s utf8proc %.8s", TW_NAME_RULES, icu, tw_text_library());
	if (reference.len > sizeof(out->reference)) {
		return false;
	}
	if (reference.len) {
		memcpy(out->reference, reference.ptr, reference.len);
	}
	return true;
}

/* ---- refusing ---- */

static enum tw_code damaged(const struct reader *reader, const char *what, const char *section)
{
	return tw_fail(reader->err, TW_E_CORRUPT, TW_STOP, "the compiled lists are damaged", reader->path, "%s%s%s", section ? "section " : "",
	               section ? section : "", what);
}

static enum tw_code foreign(const struct reader *reader, const char *why)
{
	return tw_fail(reader->err, TW_E_CONFLICT, TW_STOP, "the compiled lists must be built again: `tidewaiter lists build`", reader->path, "%s",
	               why);
}

static bool all_zero(const struct reader *reader, uint64_t from, uint64_t to)
{
	for (; from < to; from++) {
		if (reader->bytes[from]) {
			return false;
		}
	}
	return true;
}

static enum tw_code head_check(const struct reader *reader, struct tw_slice reference)
{
	const struct tw_list_file_head *head = reader->head;
	struct tw_list_file_head ours;
	if (reader->size < sizeof(*head) || memcmp(head->magic, TW_LIST_FILE_MAGIC, sizeof(head->magic)) != 0) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "not a compiled file of lists", reader->path, "its head is not one of ours");
	}
	if (head->byte_order != TW_LIST_FILE_BYTE_ORDER) {
		return foreign(reader, "it is of a machine with another byte order, or its head is damaged");
	}
	if (head->version != TW_LIST_FILE_VERSION) {
		return foreign(reader,
		               head->version > TW_LIST_FILE_VERSION ? "it is of a newer version of the program" : "it is of an older version");
	}
	if (tw_hash64(head, offsetof(struct tw_list_file_head, sum), TW_LIST_FILE_SEED) != head->sum) {
		return damaged(reader, "its head is not what was written", NULL);
	}
	if (!tw_list_file_head_make(reference, &ours) || head->layout != ours.layout || memcmp(head->rules, ours.rules, sizeof(ours.rules)) != 0) {
		return foreign(reader, "another build of the program made it, whose names may be prepared otherwise");
	}
	if (memcmp(head->reference, ours.reference, sizeof(ours.reference)) != 0) {
		return foreign(reader, "it was made with other code lists (reference.path)");
	}
	return TW_OK;
}

static enum tw_code table_check(const struct reader *reader)
{
	size_t table = TW_LIST_FILE_SECTIONS * sizeof(*reader->section);
	if (reader->head->bytes != reader->size) {
		return damaged(reader, reader->size < reader->head->bytes ? "it is cut off" : "there is more than was written", NULL);
	}
	if (reader->size < sizeof(*reader->head) + table || reader->head->sections > TW_LIST_FILE_SECTIONS ||
	    tw_hash64(reader->section, table, TW_LIST_FILE_SEED) != reader->head->table_sum) {
		return damaged(reader, "its table of sections is not what was written", NULL);
	}
	return TW_OK;
}

/* One behind the other, to the end of the file. */
static enum tw_code sections_check(const struct reader *reader)
{
	uint64_t at = sizeof(*reader->head) + TW_LIST_FILE_SECTIONS * sizeof(*reader->section);
	for (uint32_t i = 0; i < reader->head->sections; i++) {
		const struct tw_list_file_section *section = &reader->section[i];
		if (section->offset != at || section->bytes > reader->size - at || section->name[sizeof(section->name) - 1]) {
			return damaged(reader, ": its place is not in the file", section->name);
		}
		if (tw_hash64(reader->bytes + at, section->bytes, TW_LIST_FILE_SEED) != section->sum) {
			return damaged(reader, ": its bytes are not what was written", section->name);
		}
		uint64_t end = (at + section->bytes + TW_LIST_FILE_ALIGN - 1) / TW_LIST_FILE_ALIGN * TW_LIST_FILE_ALIGN;
		if (end > reader->size || !all_zero(reader, at + section->bytes, end)) {
			return damaged(reader, ": the bytes behind it are not what was written", section->name);
		}
		at = end;
	}
	return at == reader->size ? TW_OK : damaged(reader, "there is more than its sections", NULL);
}

/* ---- using ---- */

static const struct tw_list_file_section *section_find(const struct reader *reader, const char *name)
{
	for (uint32_t i = 0; i < reader->head->sections; i++) {
		if (strcmp(reader->section[i].name, name) == 0) {
			return &reader->section[i];
		}
	}
	return NULL;
}

/* @return false: one points outside */
static bool runs_set(const struct tw_list_pointer *pointer, struct tw_slice texts, const struct tw_index_array *array, char *element)
{
	for (uint64_t i = 0; i < array->count; i++, element += array->element_bytes) {
		uint64_t place;
		uint32_t count;
		memcpy(&place, element + pointer->at, sizeof(place));
		memcpy(&count, element + pointer->count_at, sizeof(count));
		if (place > texts.len || count > texts.len - place) {
			return false;
		}
		const char *to = texts.ptr + place;
		memcpy(element + pointer->at, &to, sizeof(to));
	}
	return true;
}

/* Terminated texts, or NULL. */
static bool texts_set(const struct tw_list_pointer *pointer, struct tw_slice texts, const struct tw_index_array *array, char *element)
{
	for (uint64_t i = 0; i < array->count * pointer->repeat; i++) {
		char *at = element + i / pointer->repeat * array->element_bytes + pointer->at + i % pointer->repeat * pointer->stride;
		uint64_t place;
		const char *to = NULL;
		memcpy(&place, at, sizeof(place));
		if (place != UINT64_MAX) {
			if (place >= texts.len || !memchr(texts.ptr + place, '\0', texts.len - place)) {
				return false;
			}
			to = texts.ptr + place;
		}
		memcpy(at, &to, sizeof(to));
	}
	return true;
}

/* A copy of an array whose elements hold pointers, pointing. */
static enum tw_code array_point(const struct reader *reader, const struct tw_list_array *array, char *copy)
{
	const struct tw_slice texts = {reader->index->text, reader->index->text_bytes};
	for (uint32_t p = 0; p < array->pointer_count; p++) {
		const struct tw_list_pointer *pointer = &array->pointers[p];
		if (!(pointer->count_at == TW_LIST_NO_COUNT ? texts_set : runs_set)(pointer, texts, &array->array, copy)) {
			return damaged(reader, ": it points outside the file", array->name);
		}
	}
	return TW_OK;
}

static enum tw_code array_use(const struct reader *reader, const struct tw_list_array *array)
{
	const struct tw_list_file_section *section = section_find(reader, array->name);
	size_t element = array->array.element_bytes;
	if (!section) {
		return damaged(reader, " is missing", array->name);
	}
	if (section->element_bytes != element || section->bytes / element != array->array.count || section->bytes % element) {
		return damaged(reader, ": its size is not what the index says", array->name);
	}
	const char *from = reader->bytes + section->offset;
	if (!array->pointer_count) {
		memcpy(array->array.pointer, &from, sizeof(from));
		return TW_OK;
	}
	char *copy = tw_arena_alloc_raw(&reader->index->arena, section->bytes);
	if (!copy) {
		return tw_fail(reader->err, TW_E_MEMORY, TW_STOP, "no memory for the compiled lists", reader->path, NULL);
	}
	memcpy(copy, from, section->bytes);
	memcpy(array->array.pointer, &copy, sizeof(copy));
	return array_point(reader, array, copy);
}

static enum tw_code index_read(const struct reader *reader)
{
	const struct tw_list_file_section *section = section_find(reader, TW_LIST_FILE_INDEX);
	if (!section || section->bytes != sizeof(*reader->index)) {
		return damaged(reader, " is missing, or of another size", TW_LIST_FILE_INDEX);
	}
	memcpy(reader->index, reader->bytes + section->offset, sizeof(*reader->index));
	tw_arena_init(&reader->index->arena, INDEX_BLOCK_BYTES, 0);
	struct tw_name_index *fuzzy = reader->index->fuzzy;
	for (uint32_t domain = 0; domain < TW_LIST_DOMAINS; domain++) {
		fuzzy[domain].rules = tw_name_rules_of(fuzzy[domain].domain);
		fuzzy[domain].scan = tw_name_scan_best();
		reader->index->script[domain].names = &fuzzy[domain];
	}
	return TW_OK;
}

static enum tw_code arrays_use(const struct reader *reader)
{
	struct tw_list_array array;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < TW_LIST_FILE_SECTIONS && tw_list_array_at(reader->index, i, &array); i++) {
		code = array_use(reader, &array);
	}
	return code == TW_OK && !tw_list_file_sound(reader->index) ? damaged(reader, "its rows point outside of it", NULL) : code;
}

static enum tw_code index_make(struct reader *reader, struct tw_slice reference)
{
	enum tw_code code = head_check(reader, reference);
	code = code == TW_OK ? table_check(reader) : code;
	code = code == TW_OK ? sections_check(reader) : code;
	if (code != TW_OK) {
		return code;
	}
	reader->index = calloc(1, sizeof(*reader->index));
	if (!reader->index) {
		return tw_fail(reader->err, TW_E_MEMORY, TW_STOP, "no memory for the compiled lists", reader->path, NULL);
	}
	code = index_read(reader);
	code = code == TW_OK ? arrays_use(reader) : code;
	if (code != TW_OK) {
		tw_arena_fini(&reader->index->arena);
		free(reader->index);
	}
	return code;
}

static enum tw_code map(int file, const char *path, void **bytes, size_t *size, struct tw_error *err)
{
	struct stat status;
	if (fstat(file, &status) != 0) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot read the compiled lists", path, "%s", strerror(errno));
	}
	if (!S_ISREG(status.st_mode)) {
		return tw_fail(err, TW_E_TYPE, TW_STOP, "compiled lists are a regular file", path, NULL);
	}
	if (status.st_size == 0) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "not a compiled file of lists", path, "it is empty");
	}
	*size = (size_t)status.st_size;
	*bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
	return *bytes != MAP_FAILED ? TW_OK : tw_fail(err, TW_E_IO, TW_STOP, "cannot map the compiled lists", path, "%s", strerror(errno));
}

enum tw_code tw_list_file_open(const char *path, struct tw_slice reference, struct tw_list_index **out, struct tw_error *err)
{
	void *bytes = NULL;
	struct reader reader = {.path = path, .err = err};
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0) {
		return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot open the compiled lists", path, "%s", strerror(errno));
	}
	enum tw_code code = map(file, path, &bytes, &reader.size, err);
	close(file);
	if (code != TW_OK || !bytes) {
		return code;
	}
	reader.bytes = bytes;
	reader.head = bytes;
	reader.section = (const struct tw_list_file_section *)(reader.head + 1);
	code = index_make(&reader, reference);
	if (code != TW_OK) {
		munmap(bytes, reader.size);
		return code;
	}
	reader.index->map = bytes;
	reader.index->map_bytes = reader.size;
	*out = reader.index;
	return TW_OK;
}

const struct tw_list_report *tw_list_file_reports(const struct tw_list_index *index, uint32_t *count)
{
	*count = index->report_count;
	return index->map ? index->report : NULL;
}

bool tw_list_file_same(const struct tw_list_index *a, const struct tw_list_index *b)
{
	return a->map && b->map && memcmp(a->map, b->map, sizeof(struct tw_list_file_head)) == 0;
}
