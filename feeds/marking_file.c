/**
 * @file marking_file.c
 * See marking_file.h: nothing is believed before the checksums of all of it agree, nothing is used before its place and size are known.
 */
#include "feeds/marking_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/file_replace.h"
#include "engine/base/text.h"
#include "feeds/marking_table.h"

#define VERSION         1U
#define BYTE_ORDER_MARK 0x01020304U
#define ALIGN           64U
#define SEED            0x6d61726b73ULL /* "marks" */

/* Of the sources that read marks and make their keys, by the Makefile. */
#ifndef TW_MARK_RULES
#error "TW_MARK_RULES is not defined"
#endif

struct head {
	char magic[8];
	uint32_t version, byte_order;
	uint64_t layout;
	char rules[64]; /* zeros behind its end */
	uint64_t bytes; /* of the file */
	uint32_t count, range_count, drawer_bits, bare;
	uint32_t lost, stolen, destroyed, skip[TW_MARKING_LIST_SKIPS][2];
	uint32_t reserved;
	char digest[72];
	uint64_t sum[3]; /* of rows, ranges, drawers */
	char room[248];
	uint64_t head_sum; /* of all before it */
};
_Static_assert(sizeof(struct head) == 512, "the rows begin at byte 512");

/* Where each part lies. */
struct parts {
	uint64_t at[3], bytes[3], end;
};

static uint64_t layout_of(void)
{
	const uint64_t facts[] = {sizeof(struct tw_marking_row),
	                          sizeof(struct tw_marking_range),
	                          offsetof(struct tw_marking_row, exact),
	                          offsetof(struct tw_marking_row, status),
	                          offsetof(struct tw_marking_range, from),
	                          offsetof(struct tw_marking_range, day),
	                          offsetof(struct tw_marking_range, status)};
	return tw_hash64(facts, sizeof(facts), SEED);
}

static struct parts parts_of(const struct head *head)
{
	const uint64_t bytes[] = {head->count * sizeof(struct tw_marking_row), head->range_count * sizeof(struct tw_marking_range),
	                          ((UINT64_C(1) << (head->drawer_bits & 31U)) + 1) * sizeof(uint32_t)};
	struct parts parts = {.end = sizeof(*head)};
	for (int i = 0; i < 3; i++) {
		parts.at[i] = parts.end;
		parts.bytes[i] = bytes[i];
		parts.end = (parts.end + bytes[i] + ALIGN - 1) / ALIGN * ALIGN;
	}
	return parts;
}

static void head_make(struct head *head)
{
	memset(head, 0, sizeof(*head));
	memcpy(head->magic, TW_MARKING_FILE_MAGIC, sizeof(head->magic));
	head->version = VERSION;
	head->byte_order = BYTE_ORDER_MARK;
	head->layout = layout_of();
	snprintf(head->rules, sizeof(head->rules), "%s utf8proc %.8s", TW_MARK_RULES, tw_text_library());
}

/* ---- writing ---- */

static bool fill(int file, void *context)
{
	const struct tw_marking_list *list = context;
	const void *const from[] = {list->rows, list->ranges, list->drawers};
	struct head head;
	head_make(&head);
	head.count = list->count;
	head.range_count = list->range_count;
	head.drawer_bits = list->drawer_bits;
	head.bare = list->bare;
	head.lost = list->report.lost;
	head.stolen = list->report.stolen;
	head.destroyed = list->report.destroyed;
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		head.skip[i][0] = list->report.skip[i].count;
		head.skip[i][1] = list->report.skip[i].first_line;
	}
	memcpy(head.digest, list->report.digest, sizeof(list->report.digest));
	struct parts parts = parts_of(&head);
	head.bytes = parts.end;
	bool good = ftruncate(file, (off_t)parts.end) == 0;
	for (int i = 0; good && i < 3; i++) {
		head.sum[i] = tw_hash64(from[i], parts.bytes[i], SEED);
		good = tw_file_write_at(file, from[i], parts.bytes[i], parts.at[i]);
	}
	head.head_sum = tw_hash64(&head, offsetof(struct head, head_sum), SEED);
	return good && tw_file_write_at(file, &head, sizeof(head), 0);
}

enum tw_code tw_marking_file_write(const char *path, const struct tw_marking_list *list, struct tw_error *err)
{
	struct tw_marking_list copy = *list;
	return tw_file_replace(path, fill, &copy, "cannot write the compiled marks", err);
}

/* ---- mapping ---- */

struct mapping {
	const char *path;
	char *bytes;
	size_t size;
};

static enum tw_code file_map(const char *path, struct mapping *out, struct tw_error *err)
{
	struct stat about;
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0 || fstat(file, &about) != 0) {
		enum tw_code code =
		    tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot open the compiled marks", path, "%s", strerror(errno));
		if (file >= 0) {
			close(file);
		}
		return code;
	}
	size_t size = S_ISREG(about.st_mode) && about.st_size > 0 ? (size_t)about.st_size : 0;
	void *bytes = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
	int reason = size ? errno : 0;
	close(file);
	if (bytes == MAP_FAILED) {
		return size ? tw_fail(err, TW_E_IO, TW_STOP, "cannot map the compiled marks", path, "%s", strerror(reason))
		            : tw_fail(err, TW_E_SYNTAX, TW_STOP, "not a compiled list of marks", path, NULL);
	}
	*out = (struct mapping){path, bytes, size};
	return TW_OK;
}

static enum tw_code damaged(const struct mapping *mapping, const char *what, struct tw_error *err)
{
	return tw_fail(err, TW_E_CORRUPT, TW_STOP, "the compiled marks are damaged", mapping->path, "%s", what);
}

static enum tw_code head_check(const struct mapping *mapping, struct tw_error *err)
{
	const struct head *head = (const struct head *)(const void *)mapping->bytes;
	struct head ours;
	if (mapping->size < sizeof(*head) || memcmp(head->magic, TW_MARKING_FILE_MAGIC, sizeof(head->magic)) != 0) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "not a compiled list of marks", mapping->path, "its head is not one of ours");
	}
	head_make(&ours);
	if (head->byte_order == ours.byte_order && tw_hash64(head, offsetof(struct head, head_sum), SEED) != head->head_sum) {
		return damaged(mapping, "its head is not what was written", err);
	}
	if (head->byte_order != ours.byte_order || head->version != ours.version || head->layout != ours.layout ||
	    memcmp(head->rules, ours.rules, sizeof(ours.rules)) != 0) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "the compiled marks must be built again: `tidewaiter registers build`", mapping->path,
		               "another build of the program made it");
	}
	return TW_OK;
}

static bool all_zero(const char *bytes, uint64_t from, uint64_t to)
{
	for (; from < to; from++) {
		if (bytes[from]) {
			return false;
		}
	}
	return true;
}

static enum tw_code parts_check(const struct mapping *mapping, const struct parts *parts, struct tw_error *err)
{
	static const char *const names[] = {"its rows are not what was written", "its ranges are not what was written",
	                                    "its drawers are not what was written"};
	const struct head *head = (const struct head *)(const void *)mapping->bytes;
	if (head->bytes != mapping->size || parts->end != mapping->size || head->drawer_bits > 31) {
		return damaged(mapping, "its size is not what was written", err);
	}
	for (int i = 0; i < 3; i++) {
		uint64_t next = i < 2 ? parts->at[i + 1] : parts->end;
		if (tw_hash64(mapping->bytes + parts->at[i], parts->bytes[i], SEED) != head->sum[i] ||
		    !all_zero(mapping->bytes, parts->at[i] + parts->bytes[i], next)) {
			return damaged(mapping, names[i], err);
		}
	}
	return TW_OK;
}

static void list_point(struct tw_marking_list *list, const struct mapping *mapping, const struct parts *parts)
{
	const struct head *head = (const struct head *)(const void *)mapping->bytes;
	list->map = mapping->bytes;
	list->map_bytes = mapping->size;
	list->rows = (struct tw_marking_row *)(void *)(mapping->bytes + parts->at[0]);
	list->ranges = (struct tw_marking_range *)(void *)(mapping->bytes + parts->at[1]);
	list->drawers = (uint32_t *)(void *)(mapping->bytes + parts->at[2]);
	list->count = head->count;
	list->range_count = head->range_count;
	list->drawer_bits = head->drawer_bits;
	list->bare = head->bare != 0;
	list->report.lost = head->lost;
	list->report.stolen = head->stolen;
	list->report.destroyed = head->destroyed;
	list->report.ranges = head->range_count;
	list->report.bytes = mapping->size;
	list->report.mapped = true;
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		list->report.skip[i].count = head->skip[i][0];
		list->report.skip[i].first_line = head->skip[i][1];
	}
	memcpy(list->report.digest, head->digest, sizeof(list->report.digest) - 1);
}

enum tw_code tw_marking_file_open(const char *path, struct tw_marking_list **out, struct tw_error *err)
{
	struct mapping mapping = {.bytes = NULL};
	struct tw_marking_list *list = NULL;
	enum tw_code code = file_map(path, &mapping, err);
	if (code != TW_OK || !mapping.bytes) {
		return code;
	}
	struct parts parts = {.end = 0};
	code = head_check(&mapping, err);
	if (code == TW_OK) {
		parts = parts_of((const struct head *)(const void *)mapping.bytes);
		code = parts_check(&mapping, &parts, err);
	}
	code = code == TW_OK ? tw_marking_list_new(path, &list, err) : code;
	if (code != TW_OK) {
		munmap(mapping.bytes, mapping.size);
		return code;
	}
	list_point(list, &mapping, &parts);
	*out = list;
	return TW_OK;
}

bool tw_marking_file_is(const char *path)
{
	char begin[sizeof(TW_MARKING_FILE_MAGIC) - 1];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is =
	    file >= 0 && pread(file, begin, sizeof(begin), 0) == (ssize_t)sizeof(begin) && memcmp(begin, TW_MARKING_FILE_MAGIC, sizeof(begin)) == 0;
	if (file >= 0) {
		close(file);
	}
	return is;
}
