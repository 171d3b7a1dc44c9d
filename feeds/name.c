/**
 * @file name.c
 * Folding, cutting, form-stripping and sorting of names; see name.h for what is compared and why.
 */
#include "feeds/name.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define TOKEN_CHARACTERS_MIN 3 /* a single shorter token says nothing: "Li", "XY" */
#define AMPERSAND_BYTES      5 /* " and " */

enum form_use {
	FORM_LAST = 1 << 0,  /* is a legal form at the end of a name */
	FORM_FIRST = 1 << 1, /* is one at the start too: "OOO Romashka", "PT Maju" */
	FORM_ENDS = 1 << 2,  /* is the last word of a form of several words */
};

struct form {
	struct tw_slice word;
	uint32_t uses;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

/* Sorted by word: found by bisection. Folded spelling; "S.A." arrives here as "sa".
 * Source: opensanctions/rigour, org_types (MIT), for most; the others are national forms in common use (ASA in Norway, SAL in Lebanon, WLL
 * and EST in the Gulf, PVT in South Asia, PJS in Iran, SAC and SAA in Peru, EAD and EOOD in Bulgaria). */
static const struct form forms[] = {
    {WORD("ab"), FORM_LAST},
    {WORD("ad"), FORM_LAST},
    {WORD("ag"), FORM_LAST},
    {WORD("aktiebolag"), FORM_LAST},
    {WORD("aktiengesellschaft"), FORM_LAST},
    {WORD("ao"), FORM_FIRST | FORM_LAST},
    {WORD("aps"), FORM_LAST},
    {WORD("as"), FORM_LAST},
    {WORD("asa"), FORM_LAST},
    {WORD("bhd"), FORM_LAST},
    {WORD("bt"), FORM_LAST},
    {WORD("bv"), FORM_LAST},
    {WORD("bvba"), FORM_LAST},
    {WORD("ca"), FORM_LAST},
    {WORD("cia"), FORM_LAST | FORM_ENDS},
    {WORD("cie"), FORM_LAST | FORM_ENDS},
    {WORD("cjsc"), FORM_FIRST | FORM_LAST},
    {WORD("co"), FORM_LAST | FORM_ENDS},
    {WORD("company"), FORM_LAST | FORM_ENDS},
    {WORD("corp"), FORM_LAST},
    {WORD("corporation"), FORM_LAST},
    {WORD("cv"), FORM_LAST | FORM_ENDS},
    {WORD("dd"), FORM_LAST},
    {WORD("dmcc"), FORM_LAST},
    {WORD("doo"), FORM_LAST},
    {WORD("ead"), FORM_LAST},
    {WORD("eirl"), FORM_LAST},
    {WORD("eood"), FORM_LAST},
    {WORD("est"), FORM_LAST},
    {WORD("establishment"), FORM_LAST},
    {WORD("eurl"), FORM_LAST | FORM_FIRST},
    {WORD("fz"), FORM_LAST},
    {WORD("fzc"), FORM_LAST},
    {WORD("fzco"), FORM_LAST},
    {WORD("fze"), FORM_LAST},
    {WORD("fzllc"), FORM_LAST},
    {WORD("gesmbh"), FORM_LAST},
    {WORD("gmbh"), FORM_LAST},
    {WORD("hf"), FORM_LAST},
    {WORD("inc"), FORM_LAST},
    {WORD("incorporated"), FORM_LAST},
    {WORD("jsc"), FORM_FIRST | FORM_LAST},
    {WORD("kft"), FORM_LAST},
    {WORD("kg"), FORM_LAST},
    {WORD("kgaa"), FORM_LAST},
    {WORD("kk"), FORM_LAST},
    {WORD("lda"), FORM_LAST},
    {WORD("limitada"), FORM_LAST},
    {WORD("limited"), FORM_LAST},
    {WORD("limitee"), FORM_LAST},
    {WORD("llc"), FORM_FIRST | FORM_LAST},
    {WORD("llp"), FORM_LAST},
    {WORD("lp"), FORM_LAST},
    {WORD("ltd"), FORM_LAST},
    {WORD("ltda"), FORM_LAST},
    {WORD("ltee"), FORM_LAST},
    {WORD("mbh"), FORM_LAST},
    {WORD("nv"), FORM_LAST},
    {WORD("oao"), FORM_FIRST | FORM_LAST},
    {WORD("ohg"), FORM_LAST},
    {WORD("ojsc"), FORM_FIRST | FORM_LAST},
    {WORD("oo"), FORM_ENDS},
    {WORD("ood"), FORM_LAST},
    {WORD("ooo"), FORM_FIRST | FORM_LAST},
    {WORD("oy"), FORM_LAST},
    {WORD("oyj"), FORM_LAST},
    {WORD("pao"), FORM_FIRST | FORM_LAST},
    {WORD("partnership"), FORM_ENDS},
    {WORD("pjs"), FORM_LAST},
    {WORD("pjsc"), FORM_FIRST | FORM_LAST},
    {WORD("plc"), FORM_LAST},
    {WORD("private"), FORM_LAST},
    {WORD("pt"), FORM_FIRST},
    {WORD("pte"), FORM_LAST},
    {WORD("pty"), FORM_LAST},
    {WORD("pvt"), FORM_LAST},
    {WORD("qsc"), FORM_LAST},
    {WORD("rl"), FORM_ENDS},
    {WORD("ro"), FORM_ENDS},
    {WORD("sa"), FORM_LAST},
    {WORD("saa"), FORM_LAST},
    {WORD("sac"), FORM_LAST},
    {WORD("sae"), FORM_LAST},
    {WORD("sak"), FORM_LAST},
    {WORD("sal"), FORM_LAST},
    {WORD("san"), FORM_LAST},
    {WORD("sanayi"), FORM_LAST},
    {WORD("sarl"), FORM_FIRST | FORM_LAST},
    {WORD("sas"), FORM_LAST},
    {WORD("sasu"), FORM_LAST},
    {WORD("sdn"), FORM_LAST},
    {WORD("sirketi"), FORM_LAST},
    {WORD("sl"), FORM_LAST},
    {WORD("slu"), FORM_LAST},
    {WORD("snc"), FORM_LAST},
    {WORD("spa"), FORM_LAST},
    {WORD("sprl"), FORM_LAST},
    {WORD("srl"), FORM_LAST},
    {WORD("sro"), FORM_LAST | FORM_ENDS},
    {WORD("sti"), FORM_LAST},
    {WORD("tic"), FORM_LAST | FORM_ENDS},
    {WORD("ticaret"), FORM_LAST | FORM_ENDS},
    {WORD("tov"), FORM_FIRST | FORM_LAST},
    {WORD("uab"), FORM_FIRST | FORM_LAST},
    {WORD("ug"), FORM_LAST},
    {WORD("ulc"), FORM_LAST},
    {WORD("wll"), FORM_LAST},
    {WORD("zao"), FORM_FIRST | FORM_LAST},
    {WORD("zoo"), FORM_ENDS},
    {WORD("zrt"), FORM_LAST},
    {WORD("ао"), FORM_FIRST | FORM_LAST},
    {WORD("зао"), FORM_FIRST | FORM_LAST},
    {WORD("оао"), FORM_FIRST | FORM_LAST},
    {WORD("ооо"), FORM_FIRST | FORM_LAST},
    {WORD("пао"), FORM_FIRST | FORM_LAST},
    {WORD("тоо"), FORM_FIRST | FORM_LAST},
};

/* Longer before shorter where one ends another. Same source. */
static const struct tw_slice phrases[] = {
    WORD("public joint stock company"),
    WORD("open joint stock company"),
    WORD("closed joint stock company"),
    WORD("private joint stock company"),
    WORD("joint stock company"),
    WORD("limited liability company"),
    WORD("limited liability partnership"),
    WORD("limited partnership"),
    WORD("free zone company"),
    WORD("s de rl de cv"),
    WORD("sa de cv"),
    WORD("sab de cv"),
    WORD("sapi de cv"),
    WORD("s de rl"),
    WORD("sp zoo"),
    WORD("sp z oo"),
    WORD("spol sro"),
    WORD("spol s ro"),
    WORD("and company"),
    WORD("and co"),
    WORD("und co"),
    WORD("et cie"),
    WORD("y cia"),
    WORD("e cia"),
    WORD("ve tic"),
    WORD("ve ticaret"),
};

/* Source: usual prefixes of ships' names in manifests (motor vessel, motor tanker, motor ship, steam ship). */
static const char *const ship_prefixes[] = {"mv", "mt", "ms", "ss"};

static int form_compare(const void *key, const void *element)
{
	const struct tw_slice *word = key;
	const struct form *form = element;
	return tw_slice_compare(*word, form->word);
}

static uint32_t form_uses(struct tw_slice word)
{
	const struct form *form = bsearch(&word, forms, sizeof(forms) / sizeof(forms[0]), sizeof(forms[0]), form_compare);
	return form ? form->uses : 0;
}

/* Bytes of an apostrophe or a transliteration's half ring at the head of `text`, 0 for none: these stand inside a word. */
static uint32_t apostrophe_bytes(struct tw_slice text)
{
	const unsigned char *at = (const unsigned char *)text.ptr;
	if (at[0] == '\'' || at[0] == '`') {
		return 1;
	}
	if (text.len >= 2 && ((at[0] == 0xca && at[1] >= 0xb9 && at[1] <= 0xbf) || (at[0] == 0xc2 && at[1] == 0xb4))) {
		return 2; /* U+02B9..U+02BF, U+00B4 */
	}
	return text.len >= 3 && at[0] == 0xe2 && at[1] == 0x80 && at[2] >= 0x98 && at[2] <= 0x9b ? 3 : 0; /* U+2018..U+201B */
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The letter at `at` has nothing of a word beside it. */
static bool stands_alone(struct tw_slice text, uint32_t at)
{
	bool before = at > 0 && is_word_byte(text.ptr[at - 1]), after = at + 1 < text.len && is_word_byte(text.ptr[at + 1]);
	return is_letter(text.ptr[at]) && !before && !after;
}

/* A full stop inside an abbreviation: "S.A." is a word, "S. A." and "X S.A." are two. */
static bool joins_initials(struct tw_slice text, uint32_t at)
{
	return text.ptr[at] == '.' && at > 0 && at + 1 < text.len && stands_alone(text, at - 1) && stands_alone(text, at + 1);
}

static bool needs_joining(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '\'' || c == '`' || c == '&' || c >= 0x80 || joins_initials(text, i)) {
			return true;
		}
	}
	return false;
}

/* Apostrophes and the stops of abbreviations go, "&" is written out; before folding, which would make them separators. */
static bool join(struct tw_slice *text, struct tw_arena *arena)
{
	if (!needs_joining(*text)) {
		return true;
	}
	char *out = tw_arena_alloc_raw(arena, (size_t)text->len * AMPERSAND_BYTES);
	if (!out) {
		return false;
	}
	uint32_t length = 0, i = 0;
	while (i < text->len) {
		uint32_t skip = apostrophe_bytes((struct tw_slice){text->ptr + i, text->len - i});
		skip += joins_initials(*text, i);
		if (skip) {
			i += skip;
		} else if (text->ptr[i] == '&') {
			memcpy(out + length, " and ", AMPERSAND_BYTES);
			length += AMPERSAND_BYTES;
			i++;
		} else {
			out[length++] = text->ptr[i++];
		}
	}
	*text = (struct tw_slice){out, length};
	return true;
}

static bool is_single_letter(struct tw_slice word)
{
	return word.len == 1 && word.ptr[0] >= 'a' && word.ptr[0] <= 'z';
}

static struct tw_slice next_word(struct tw_slice *rest)
{
	const char *space = rest->len ? memchr(rest->ptr, ' ', rest->len) : NULL;
	struct tw_slice word = {rest->ptr, space ? (uint32_t)(space - rest->ptr) : rest->len};
	uint32_t used = word.len + (space != NULL);
	*rest = (struct tw_slice){rest->ptr + used, rest->len - used};
	return word;
}

/* Add a word, or lengthen the token of initials before it; `letters` receives initials and never has more bytes than the text. */
static void add_word(struct tw_name_tokens *out, struct tw_slice word, char **letters)
{
	bool single = is_single_letter(word);
	struct tw_name_token *last = out->count ? &out->token[out->count - 1] : NULL;
	if (single) {
		*(*letters)++ = word.ptr[0];
		if (last && last->initials) {
			last->text.len++;
			return;
		}
		word.ptr = *letters - 1;
	}
	if (out->count == TW_NAME_TOKENS_MAX) {
		out->overflow = true;
		return;
	}
	out->token[out->count++] = (struct tw_name_token){word, single};
}

bool tw_name_split(struct tw_slice text, struct tw_arena *arena, struct tw_name_tokens *out)
{
	out->count = 0;
	out->overflow = false;
	if (!join(&text, arena)) {
		return false;
	}
	struct tw_slice folded = tw_text_fold(text, arena);
	char *letters = tw_arena_alloc_raw(arena, folded.len);
	if (!folded.ptr || !letters) {
		return false;
	}
	while (folded.len && !out->overflow) {
		add_word(out, next_word(&folded), &letters);
	}
	return true;
}

/* [from, to) of a name's tokens, less what forms took off; the last token may be shortened. */
struct stripped {
	const struct tw_name_token *token;
	uint32_t from;
	uint32_t to;
	uint32_t last_len; /* bytes left of token[to - 1] */
};

static struct tw_slice token_at(const struct stripped *name, uint32_t i)
{
	struct tw_slice text = name->token[i].text;
	return i + 1 == name->to ? (struct tw_slice){text.ptr, name->last_len} : text;
}

static void drop_last(struct stripped *name, uint32_t tokens)
{
	name->to -= tokens;
	name->last_len = name->to > name->from ? name->token[name->to - 1].text.len : 0;
}

/* How many tokens a phrase takes when it stands at `at`, 0 when it does not. */
static uint32_t phrase_at(const struct stripped *name, uint32_t at, struct tw_slice phrase)
{
	uint32_t count = 0;
	while (phrase.len) {
		struct tw_slice word = next_word(&phrase);
		if (at + count >= name->to || !tw_slice_equal(token_at(name, at + count), word)) {
			return 0;
		}
		count++;
	}
	return count;
}

static uint32_t words_in(struct tw_slice phrase)
{
	uint32_t count = 0;
	while (phrase.len) {
		next_word(&phrase);
		count++;
	}
	return count;
}

static bool drop_last_phrase(struct stripped *name)
{
	struct tw_slice last = token_at(name, name->to - 1);
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		struct tw_slice phrase = phrases[i];
		if (phrase.len <= last.len || memcmp(phrase.ptr + phrase.len - last.len, last.ptr, last.len) != 0) {
			continue;
		}
		uint32_t count = words_in(phrase);
		if (count <= name->to - name->from && phrase_at(name, name->to - count, phrase)) {
			drop_last(name, count);
			return true;
		}
	}
	return false;
}

/* "quill x s a" arrives with the initials "xsa": the longest form that ends them goes, the "x" stays. Initials that are the whole name
 * keep three letters: "K A S" is not the "K" of a company by shares. */
static bool drop_last_initials(struct stripped *name)
{
	struct tw_slice text = token_at(name, name->to - 1);
	uint32_t least = name->to - name->from > 1 ? 1 : TOKEN_CHARACTERS_MIN;
	for (uint32_t cut = least; cut + 2 <= text.len; cut++) {
		if (form_uses((struct tw_slice){text.ptr + cut, text.len - cut}) & FORM_LAST) {
			name->last_len = cut;
			return true;
		}
	}
	return false;
}

static bool drop_last_form(struct stripped *name)
{
	if (name->to == name->from) {
		return false;
	}
	uint32_t uses = form_uses(token_at(name, name->to - 1));
	if ((uses & FORM_ENDS) && drop_last_phrase(name)) {
		return true;
	}
	if (uses & FORM_LAST) {
		drop_last(name, 1);
		return true;
	}
	return name->token[name->to - 1].initials && drop_last_initials(name);
}

static bool drop_first_form(struct stripped *name)
{
	if (name->to - name->from < 2) {
		return false;
	}
	struct tw_slice first = token_at(name, name->from);
	if (form_uses(first) & FORM_FIRST) {
		name->from++;
		return true;
	}
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		struct tw_slice phrase = phrases[i];
		if (phrase.ptr[0] != first.ptr[0] || phrase.len < 16) {
			continue; /* only forms written out lead a name: "and co" does not */
		}
		uint32_t count = phrase_at(name, name->from, phrase);
		if (count && count < name->to - name->from) {
			name->from += count;
			return true;
		}
	}
	return false;
}

static void drop_ship_prefix(struct stripped *name)
{
	for (size_t i = 0; name->to - name->from > 1 && i < sizeof(ship_prefixes) / sizeof(ship_prefixes[0]); i++) {
		if (tw_slice_is(token_at(name, name->from), ship_prefixes[i])) {
			name->from++;
			return;
		}
	}
}

static uint32_t characters(struct tw_slice text)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	}
	return count;
}

static bool says_nothing(const struct stripped *name)
{
	return name->to == name->from || (name->to - name->from == 1 && characters(token_at(name, name->from)) < TOKEN_CHARACTERS_MIN);
}

static uint32_t sort_tokens(const struct stripped *name, struct tw_slice *sorted)
{
	uint32_t count = 0;
	for (uint32_t i = name->from; i < name->to; i++) {
		struct tw_slice token = token_at(name, i);
		uint32_t at = count++;
		for (; at && tw_slice_compare(sorted[at - 1], token) > 0; at--) {
			sorted[at] = sorted[at - 1];
		}
		sorted[at] = token;
	}
	return count;
}

static bool write_key(const struct stripped *name, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out)
{
	struct tw_slice sorted[TW_NAME_TOKENS_MAX];
	uint32_t count = sort_tokens(name, sorted);
	size_t room = 1;
	for (uint32_t i = 0; i < count; i++) {
		room += (size_t)sorted[i].len + 1;
	}
	char *key = tw_arena_alloc_raw(arena, room);
	if (!key) {
		return false;
	}
	uint32_t length = 0;
	key[length++] = " povA"[domain];
	for (uint32_t i = 0; i < count; i++) {
		key[length++] = ' ';
		memcpy(key + length, sorted[i].ptr, sorted[i].len);
		length += sorted[i].len;
	}
	*out = (struct tw_slice){key, length};
	return true;
}

bool tw_name_key(const struct tw_name_tokens *tokens, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out)
{
	*out = (struct tw_slice){"", 0};
	if (tokens->overflow || tokens->count == 0) {
		return true;
	}
	struct stripped name = {tokens->token, 0, tokens->count, tokens->token[tokens->count - 1].text.len};
	if (domain == TW_NAME_OF_ORGANISATION) {
		while (drop_last_form(&name) || drop_first_form(&name)) {
		}
	} else if (domain == TW_NAME_OF_VESSEL) {
		drop_ship_prefix(&name);
	}
	return says_nothing(&name) || write_key(&name, domain, arena, out);
}
