/**
 * @file keys.c
 * The rows of keys.h's picture, one function each.
 *
 * Every part is reduced first (folded, or alphanumerics only), so that '|', '=', ':', '-' and '~' never occur inside a part and no two
 * different entities can be spelt alike by choosing an odd name.
 */
#include "engine/event/keys.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/digits.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/event/serial.h"

#define IMO_DIGITS        7U
#define HASHED_TAIL_BYTES 33U /* '~' and 32 hex digits */
#define UNREAD_MAX        16U /* signs of a mark; with more there is nothing to tell it by */

static const struct tw_slice nothing = {"", 0};
static const struct tw_slice refused = {NULL, 0};

/* Head and hash of a key that is too long. */
static struct tw_slice bounded(struct tw_slice key, struct tw_arena *arena)
{
	if (key.len <= TW_KEY_BYTES_MAX) {
		return key;
	}
	uint32_t head = tw_text_head(key, TW_KEY_BYTES_MAX - HASHED_TAIL_BYTES).len;
	char *out = tw_arena_alloc_raw(arena, (size_t)head + HASHED_TAIL_BYTES + 1);
	if (!out) {
		return refused;
	}
	memcpy(out, key.ptr, head);
	out[head] = '~';
	tw_hash128_hex(tw_hash128(key.ptr, key.len), out + head + 1);
	return (struct tw_slice){out, head + HASHED_TAIL_BYTES};
}

/* Parts one after the other. */
static struct tw_slice joined(const struct tw_slice *part, uint32_t count, struct tw_arena *arena)
{
	struct tw_slice key = tw_arena_join(arena, part, count);
	return key.ptr ? bounded(key, arena) : refused;
}

/* "name|XB"; the country is left out where it is not two letters. */
static struct tw_slice with_country(struct tw_slice folded, struct tw_slice country, struct tw_arena *arena)
{
	if (folded.len == 0) {
		return folded;
	}
	char letters[TW_COUNTRY_BYTES];
	const struct tw_slice part[] = {folded, {"|", 1}, tw_country_letters(tw_country_code(country), letters)};
	return joined(part, 3, arena);
}

/* "=SCHEME:VALUE" of one id, empty unless both are stated: a number without its scheme belongs to anybody. */
static struct tw_slice registration(const struct tw_id *id, struct tw_arena *arena)
{
	struct tw_slice scheme = tw_text_alnum(tw_slice_of(id->scheme), arena);
	struct tw_slice value = tw_text_alnum(tw_slice_of(id->value), arena);
	if (!scheme.ptr || !value.ptr) {
		return refused;
	}
	if (scheme.len == 0 || value.len == 0) {
		return nothing;
	}
	const struct tw_slice part[] = {{"=", 1}, scheme, {":", 1}, value};
	return joined(part, 4, arena);
}

static bool before(struct tw_slice a, struct tw_slice b)
{
	uint32_t shared = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.ptr, b.ptr, shared);
	return order ? order < 0 : a.len < b.len;
}

struct tw_slice tw_key_party(const struct tw_party *party, struct tw_arena *arena)
{
	struct tw_slice best = nothing;
	const struct tw_id *ids = party->ids.data;
	for (uint32_t i = 0; i < party->ids.count; i++) {
		struct tw_slice key = registration(&ids[i], arena);
		if (!key.ptr) {
			return refused;
		}
		if (key.len && (best.len == 0 || before(key, best))) {
			best = key;
		}
	}
	if (best.len) {
		return best;
	}
	struct tw_slice country = tw_slice_of(tw_stated(party->country.span) ? party->country : party->address.country);
	return with_country(tw_text_fold(tw_slice_of(party->name), arena), country, arena);
}

struct tw_slice tw_key_address(const struct tw_address *address, struct tw_arena *arena)
{
	return with_country(tw_text_fold(tw_slice_of(address->text), arena), tw_slice_of(address->country), arena);
}

struct tw_slice tw_key_vessel(const struct tw_means *means, struct tw_arena *arena)
{
	char digits[IMO_DIGITS];
	uint32_t count = 0;
	for (uint32_t i = 0; i < means->imo.len; i++) {
		char c = means->imo.ptr[i];
		if (c >= '0' && c <= '9') {
			if (count < IMO_DIGITS) {
				digits[count] = c;
			}
			count++;
		}
	}
	if (count == IMO_DIGITS) {
		return tw_arena_copy(arena, (struct tw_slice){digits, IMO_DIGITS});
	}
	return with_country(tw_text_fold(tw_slice_of(means->name), arena), tw_slice_of(means->flag), arena);
}

struct tw_slice tw_key_container(struct tw_slice number, struct tw_arena *arena)
{
	struct tw_slice key = tw_text_alnum(number, arena);
	return key.ptr ? bounded(key, arena) : refused;
}

struct tw_slice tw_key_consignment(struct tw_slice id, struct tw_arena *arena)
{
	return id.len ? bounded(id, arena) : nothing;
}

struct tw_slice tw_key_certificate(struct tw_slice country, struct tw_slice number, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(number, arena);
	if (reduced.len == 0) {
		return reduced;
	}
	char letters[TW_COUNTRY_BYTES];
	const struct tw_slice part[] = {tw_country_letters(tw_country_code(country), letters), {"|", 1}, reduced};
	return joined(part, 3, arena);
}

/* Letters and digits with the unread signs among them, each a question mark; empty where nothing else is left, or hardly anything. */
static struct tw_slice partial_of(struct tw_slice value, struct tw_arena *arena)
{
	struct tw_slice all = nothing;
	uint32_t unread = 0, read = 0, from = 0;
	for (uint32_t at = 0; at <= value.len; at++) {
		bool end = at == value.len;
		if (!end && !tw_serial_is_unread(value.ptr[at])) {
			continue;
		}
		struct tw_slice piece = tw_text_alnum((struct tw_slice){value.ptr + from, at - from}, arena);
		unread += !end;
		if (unread > UNREAD_MAX) {
			return nothing;
		}
		all = piece.ptr ? tw_arena_format(arena, "%.*s%.*s%s", (int)all.len, all.ptr, (int)piece.len, piece.ptr, end ? "" : "?") : refused;
		if (!all.ptr) {
			return refused;
		}
		read += piece.len;
		from = at + 1;
	}
	return read ? all : nothing;
}

static struct tw_slice value_of(struct tw_slice value, struct tw_arena *arena)
{
	return tw_serial_is_partial(value) ? partial_of(value, arena) : tw_text_alnum(value, arena);
}

/* "MAKER|VALUE" or "MAKER|FROM-TO"; empty when the value has nothing left. */
static struct tw_slice marked(struct tw_slice maker, struct tw_slice value, struct tw_slice to, struct tw_arena *arena)
{
	const struct tw_slice raw[] = {maker, value, to};
	struct tw_slice reduced[3];
	for (uint32_t i = 0; i < 3; i++) {
		reduced[i] = i ? value_of(raw[i], arena) : tw_text_alnum(raw[i], arena);
		if (!reduced[i].ptr) {
			return refused;
		}
	}
	if (reduced[1].len == 0) {
		return nothing;
	}
	const struct tw_slice part[] = {reduced[0], {"|", 1}, reduced[1], {"-", to.len ? 1 : 0}, reduced[2]};
	return joined(part, 5, arena);
}

struct tw_slice tw_key_marking(const struct tw_marking *marking, struct tw_slice make, struct tw_arena *arena)
{
	struct tw_slice maker = tw_stated(marking->make.span) ? tw_slice_of(marking->make) : make;
	switch ((enum tw_marking_kind)marking->kind.value) {
	case TW_MARKING_SERIAL_RANGE:
		return tw_stated(marking->to.span) ? marked(maker, tw_slice_of(marking->from), tw_slice_of(marking->to), arena) : nothing;
	case TW_MARKING_IMPORT_MARK:
		return nothing;
	case TW_MARKING_SERIAL:
	case TW_MARKING_LOT:
		break;
	}
	return marked(maker, tw_slice_of(marking->value), nothing, arena);
}

struct tw_slice tw_key_series(struct tw_slice make, struct tw_slice letters, struct tw_arena *arena)
{
	struct tw_slice maker = tw_text_alnum(make, arena);
	const struct tw_slice part[] = {maker, {"|~", 2}, letters};
	return maker.ptr ? joined(part, 3, arena) : refused;
}

struct tw_slice tw_key_series_part(struct tw_slice series, const uint64_t *number, struct tw_arena *arena)
{
	char digits[TW_DIGITS_MAX];
	const struct tw_slice part[] = {series, {"#", 1}, {digits, number ? tw_digits_write(digits, *number) : 0}};
	return joined(part, 3, arena);
}

struct tw_slice tw_key_series_index(struct tw_slice series, struct tw_arena *arena)
{
	const char *bar = memchr(series.ptr, '|', series.len);
	uint32_t before = bar ? (uint32_t)(bar - series.ptr) : 0;
	const struct tw_slice part[] = {{"*", 1}, {series.ptr + before, series.len - before}};
	return joined(part, 2, arena);
}

struct tw_slice tw_key_mark_index(struct tw_slice value, struct tw_arena *arena)
{
	struct tw_slice folded = tw_text_confusable(value, arena);
	const struct tw_slice part[] = {{"*|=", 3}, folded};
	return !folded.ptr ? refused : folded.len ? joined(part, 2, arena) : nothing;
}

struct tw_slice tw_key_mark_number(struct tw_slice value, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(value, arena);
	const struct tw_slice part[] = {{"+|", 2}, reduced};
	return !reduced.ptr ? refused : reduced.len >= TW_MARK_NUMBER_MIN ? joined(part, 2, arena) : nothing;
}

struct tw_slice tw_key_document(struct tw_slice sha256, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(sha256, arena);
	const struct tw_slice part[] = {{"#", 1}, reduced};
	return reduced.len ? joined(part, 2, arena) : reduced;
}

struct tw_slice tw_key_paper(struct tw_slice country, struct tw_slice number, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(number, arena);
	if (reduced.len < TW_PAPER_NUMBER_MIN) {
		return reduced.ptr ? nothing : refused;
	}
	char letters[TW_COUNTRY_BYTES];
	const struct tw_slice part[] = {tw_country_letters(tw_country_code(country), letters), {"#", 1}, reduced};
	return joined(part, 3, arena);
}

struct tw_slice tw_key_contract(const struct tw_party *exporter, struct tw_slice number, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(number, arena), seller = tw_key_party(exporter, arena);
	if (!reduced.ptr || !seller.ptr) {
		return refused;
	}
	const struct tw_slice part[] = {seller, {"#contract#", 10}, reduced};
	return reduced.len && seller.len ? joined(part, 3, arena) : nothing;
}

struct tw_slice tw_key_licence(struct tw_slice country, struct tw_slice number, struct tw_arena *arena)
{
	struct tw_slice reduced = tw_text_alnum(number, arena);
	uint16_t code = tw_country_code(country);
	if (!reduced.ptr || !code || reduced.len < TW_PAPER_NUMBER_MIN) {
		return reduced.ptr ? nothing : refused;
	}
	char letters[TW_COUNTRY_BYTES];
	const struct tw_slice part[] = {tw_country_letters(code, letters), {"#licence#", 9}, reduced};
	return joined(part, 3, arena);
}
