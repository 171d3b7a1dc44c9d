/**
 * @file disguise.c
 * See disguise.h.
 *
 *     P1ST0L - 4711 ,   R   I   F   L   E   S        words of the plain text
 *            tie     none blank ...                  what stands between two: one mark, one blank, anything else
 *     `---- group --'  `------- run -------'         a group holds one tie or several, a run the same one throughout
 */
#include "rules/disguise.h"

#include <string.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define INNER_DIGITS_MAX 2U /* side by side between letters: "bu11ets" */
#define EDGE_DIGITS_MIN  2U /* side by side at an end: a number */
#define SINGLES_MIN      4U /* letters that stand alone */
#define KEY_LETTERS_MIN  3U /* what is left of a word; of less nothing can be told */

/* ---- the key of a word ---- */

/* @return 0: stands for none */
static char letter_of(char digit)
{
	static const char letters[10] = {'o', 'i', 0, 'e', 'a', 's', 0, 't', 'b', 0};
	return letters[digit - '0'];
}

static uint32_t digits_at(struct tw_slice word, uint32_t at)
{
	uint32_t count = 0;
	while (at + count < word.len && tw_text_is_digit(word.ptr[at + count])) {
		count++;
	}
	return count;
}

/* Does some digit stand between letters, and none there that is no letter in disguise? */
static bool has_disguise(struct tw_slice word)
{
	uint32_t digits = 0;
	bool inner = false;
	for (uint32_t at = 0; at < word.len;) {
		uint32_t count = digits_at(word, at);
		bool between = count && at && at + count < word.len;
		for (uint32_t i = 0; between && i < count; i++) {
			if (count > INNER_DIGITS_MAX || !letter_of(word.ptr[at + i])) {
				return false;
			}
		}
		inner |= between;
		digits += count;
		at += count ? count : 1;
	}
	return inner && digits * 2 <= word.len;
}

/* What stands at `at`: two digits or more at an end are a number. */
static char undone(struct tw_slice word, uint32_t at)
{
	uint32_t from = at;
	if (!tw_text_is_digit(word.ptr[at])) {
		return word.ptr[at];
	}
	while (from > 0 && tw_text_is_digit(word.ptr[from - 1])) {
		from--;
	}
	uint32_t count = digits_at(word, from);
	bool number = (from == 0 || from + count == word.len) && count >= EDGE_DIGITS_MIN;
	char letter = letter_of(word.ptr[at]);
	return number || !letter ? word.ptr[at] : letter;
}

uint32_t tw_disguise_key(struct tw_slice word, bool digits, char *out)
{
	uint32_t length = 0;
	char before = 0; /* as it was written: slide has no doubled letter, though l and i are one */
	bool fold = word.len >= TW_DISGUISE_FOLD_MIN;
	memcpy(out, word.ptr, word.len);
	if (word.len < TW_DISGUISE_LETTERS_MIN || !tw_text_is_ascii(word)) {
		return word.len;
	}
	digits = digits && has_disguise(word);
	for (uint32_t i = 0; i < word.len; i++) {
		char c = digits ? undone(word, i) : word.ptr[i], written = c == 'i' ? word.ptr[i] : c;
		if (fold && c == 'k' && before == 'c') {
			before = --length && out[length - 1] == 'k' ? 'k' : 0;
		}
		if (!fold || tw_text_is_digit(c) || written != before) {
			out[length++] = c == 'l' ? 'i' : c;
		}
		before = written;
	}
	if (length < KEY_LETTERS_MIN) {
		memcpy(out, word.ptr, word.len);
		return word.len;
	}
	return length;
}

/* ---- keys of a list ---- */

bool tw_disguise_may_lack(const struct tw_plain *phrase)
{
	bool latin = phrase->count == 1 && phrase->word[0].to >= TW_DISGUISE_LONG;
	for (uint32_t i = 0; latin && i < phrase->word[0].to; i++) {
		latin = phrase->text[i] >= 'a' && phrase->text[i] <= 'z';
	}
	return latin;
}

/* @param one_l whether the first of two l is written 1: bu1let */
static uint32_t spelling_key(struct tw_slice spelling, bool one_l, char *out)
{
	uint32_t length = 0, end;
	for (uint32_t from = 0; from < spelling.len; from = end + 1) {
		const char *space = memchr(spelling.ptr + from, ' ', spelling.len - from);
		char word[TW_SPELLING_BYTES_MAX];
		end = space ? (uint32_t)(space - spelling.ptr) : spelling.len;
		memcpy(word, spelling.ptr + from, end - from);
		char *doubled = one_l ? memmem(word, end - from, "ll", 2) : NULL;
		if (doubled) {
			*doubled = '1';
		}
		length += tw_disguise_key((struct tw_slice){word, end - from}, doubled != NULL, out + length);
		if (space) {
			out[length++] = ' ';
		}
	}
	return length;
}

static bool keys_take(struct tw_slice key, bool lacks, tw_spelling_take take, void *context)
{
	char shorter[TW_SPELLING_BYTES_MAX];
	bool good = take(context, key);
	for (uint32_t i = 1; lacks && good && i + 1 < key.len; i++) {
		memcpy(shorter, key.ptr, i);
		memcpy(shorter + i, key.ptr + i + 1, key.len - i - 1);
		good = take(context, (struct tw_slice){shorter, key.len - 1});
	}
	return good;
}

bool tw_disguise_spellings(struct tw_slice spelling, bool lacks, tw_spelling_take take, void *context)
{
	char key[TW_SPELLING_BYTES_MAX];
	bool good = keys_take((struct tw_slice){key, spelling_key(spelling, false, key)}, lacks, take, context);
	return good && (!memmem(spelling.ptr, spelling.len, "ll", 2) ||
	                keys_take((struct tw_slice){key, spelling_key(spelling, true, key)}, lacks, take, context));
}

/* ---- what stands between two words ---- */

/* Blanks (within a line; no break; ideographic), then what holds two words together: hyphens and dashes, dots, apostrophes, strokes. */
static const char *const gaps[] = {"",       " ",      "\t",     "\u00A0", "\u3000", "-",      ".",      "_",      "*",      "'",
                                   "/",      "#",      ":",      "+",      "~",      "|",      "=",      "^",      "`",      "\\",
                                   "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\u2019", "\u00B7", "\u2022"};
enum { NOTHING = 0, BLANKS = 5, GAPS = sizeof(gaps) / sizeof(gaps[0]) };

/* @return which of `gaps` stands between a word and the next, and nothing else */
static uint32_t gap_after(struct tw_slice text, const struct tw_plain *plain, uint32_t word)
{
	if (word + 1 >= plain->count || plain->word[word].source_to >= plain->word[word + 1].source_from) {
		return NOTHING;
	}
	uint32_t from = plain->word[word].source_to;
	struct tw_slice between = {text.ptr + from, plain->word[word + 1].source_from - from};
	for (uint32_t i = 1; between.len <= 3 && i < GAPS; i++) {
		if (between.ptr[0] == gaps[i][0] && tw_slice_is(between, gaps[i])) {
			return i;
		}
	}
	return NOTHING;
}

static bool is_blank(uint32_t gap)
{
	return gap != NOTHING && gap < BLANKS;
}

static bool is_tie(uint32_t gap)
{
	return gap >= BLANKS;
}

/* ---- undoing ---- */

struct undoing {
	struct tw_slice text;
	const struct tw_plain *plain;
	struct tw_arena *arena;
	char *out; /* what is written */
	uint32_t length;
	struct tw_plain_word *word;
	uint32_t count;
	bool any;
	bool code;               /* the group that holds the word at hand */
	uint32_t group_end;      /* one past its last word */
	uint32_t join, join_end; /* words that are one, from the word at hand on: none where they are equal */
};

static struct tw_slice word_at(const struct undoing *undoing, uint32_t at)
{
	const struct tw_plain_word *word = &undoing->plain->word[at];
	return (struct tw_slice){undoing->plain->text + word->from, word->to - word->from};
}

/* No letter, or a number at an end. */
static bool is_number(struct tw_slice word)
{
	uint32_t first = digits_at(word, 0), last = 0;
	while (last < word.len && tw_text_is_digit(word.ptr[word.len - 1 - last])) {
		last++;
	}
	return first == word.len || first >= EDGE_DIGITS_MIN || last >= EDGE_DIGITS_MIN;
}

static uint32_t letters_of(struct tw_slice word)
{
	uint32_t letters = 0;
	for (uint32_t i = 0; i < word.len; i++) {
		letters += ((unsigned char)word.ptr[i] & 0xC0) != 0x80;
	}
	return letters;
}

/* One letter or digit, of a script that sets spaces. */
static bool is_single(const struct undoing *undoing, uint32_t at)
{
	struct tw_slice word = word_at(undoing, at);
	return letters_of(word) == 1 && !tw_plain_is_ideograph(word);
}

static void group_begin(struct undoing *undoing, uint32_t first)
{
	bool number = false, singles = true;
	uint32_t end = first;
	do {
		number |= is_number(word_at(undoing, end));
		singles &= is_single(undoing, end);
	} while (is_tie(gap_after(undoing->text, undoing->plain, end++)));
	undoing->group_end = end;
	undoing->code = number && !singles && end > first + 1;
}

/* Words first to end are one, if that is no longer than a word may be. */
static void join(struct undoing *undoing, uint32_t first, uint32_t end)
{
	uint32_t bytes = 0;
	for (uint32_t i = first; i < end && bytes <= TW_DISGUISE_JOINED_MAX; i++) {
		bytes += word_at(undoing, i).len;
	}
	undoing->join = first;
	undoing->join_end = bytes <= TW_DISGUISE_JOINED_MAX ? end : first;
}

/* Single letters with one mark or blank between each, without digits before and after them. */
static void singles_join(struct undoing *undoing, uint32_t first, uint32_t end)
{
	while (first < end && tw_text_is_digit(word_at(undoing, first).ptr[0])) {
		first++;
	}
	while (end > first && tw_text_is_digit(word_at(undoing, end - 1).ptr[0])) {
		end--;
	}
	if (end - first >= SINGLES_MIN) {
		join(undoing, first, end);
	}
}

/* The run that begins with this word. */
static void run_begin(struct undoing *undoing, uint32_t first)
{
	uint32_t gap = gap_after(undoing->text, undoing->plain, first);
	bool blank = is_blank(gap), singles = is_single(undoing, first);
	uint32_t end = first + 1, letters = letters_of(word_at(undoing, first));
	bool longer = is_tie(gap) || (blank && singles);
	while (longer && (!blank || is_single(undoing, end))) {
		singles &= is_single(undoing, end);
		letters += letters_of(word_at(undoing, end));
		longer = gap_after(undoing->text, undoing->plain, end) == gap;
		end++;
	}
	if (singles) {
		singles_join(undoing, first, end);
	} else if (end > first + 1 && !undoing->code && letters >= TW_DISGUISE_PIECES_MIN) {
		join(undoing, first, end);
	}
}

/* Does a run of its own begin here? What the run before holds with the same mark is in that one. */
static bool begins_run(const struct undoing *undoing, uint32_t at)
{
	uint32_t before = at ? gap_after(undoing->text, undoing->plain, at - 1) : NOTHING;
	return !at || before == NOTHING || before != gap_after(undoing->text, undoing->plain, at) ||
	       (is_blank(before) && !is_single(undoing, at - 1));
}

/* Read anew from the source: a letter that stood alone may look like one of another alphabet. @return len 0 where it is no one word, or no room */
static struct tw_slice joined_word(struct undoing *undoing, uint32_t first, uint32_t end)
{
	struct tw_slice source = {NULL, 0};
	struct tw_plain plain = {.count = 0};
	char *bytes = tw_arena_alloc_raw(undoing->arena, undoing->plain->word[end - 1].source_to - undoing->plain->word[first].source_from);
	for (uint32_t i = first; bytes && i < end; i++) {
		const struct tw_plain_word *piece = &undoing->plain->word[i];
		memcpy(bytes + source.len, undoing->text.ptr + piece->source_from, piece->source_to - piece->source_from);
		source = (struct tw_slice){bytes, source.len + piece->source_to - piece->source_from};
	}
	bool one = bytes && tw_plain_of(source, true, undoing->arena, &plain) && plain.count == 1 && plain.word[0].to <= TW_DISGUISE_JOINED_MAX;
	return one ? (struct tw_slice){plain.text, plain.word[0].to} : (struct tw_slice){NULL, 0};
}

/* Words first to end as one. */
static void write_word(struct undoing *undoing, struct tw_slice word, uint32_t first, uint32_t end)
{
	const struct tw_plain_word *from = &undoing->plain->word[first], *to = &undoing->plain->word[end - 1];
	if (undoing->count) {
		undoing->out[undoing->length++] = ' ';
	}
	uint32_t start = undoing->length;
	undoing->length += tw_disguise_key(word, !undoing->code, undoing->out + start);
	undoing->word[undoing->count++] = (struct tw_plain_word){start, undoing->length, from->source_from, to->source_to, from->at};
}

bool tw_disguise_undo(struct tw_slice text, const struct tw_plain *plain, bool joined, struct tw_arena *arena, struct tw_plain *out, bool *any)
{
	struct undoing undoing = {.text = text, .plain = plain, .arena = arena};
	size_t bytes = plain->count ? plain->word[plain->count - 1].to : 0;
	/* a look-alike that is read in another alphabet takes at most three bytes where it took one */
	undoing.out = tw_arena_alloc_raw(arena, (joined ? 3 * bytes : bytes) + 1);
	undoing.word = tw_arena_alloc_raw(arena, ((size_t)plain->count + 1) * sizeof(*undoing.word));
	if (!undoing.out || !undoing.word) {
		return false;
	}
	for (uint32_t at = 0; at < plain->count;) {
		if (at >= undoing.group_end) {
			group_begin(&undoing, at);
		}
		if (begins_run(&undoing, at)) {
			run_begin(&undoing, at);
		}
		undoing.any |= undoing.join_end > undoing.join;
		uint32_t end = joined && undoing.join_end > at && undoing.join == at ? undoing.join_end : at + 1;
		struct tw_slice word = end > at + 1 ? joined_word(&undoing, at, end) : word_at(&undoing, at);
		if (!word.len) { /* no one word: as it stands */
			end = at + 1;
			word = word_at(&undoing, at);
		}
		write_word(&undoing, word, at, end);
		at = end;
	}
	*out = (struct tw_plain){undoing.out, undoing.word, undoing.count, plain->characters};
	if (any) {
		*any = undoing.any;
	}
	return true;
}
