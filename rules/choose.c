/**
 * @file choose.c
 * Paths that choose among repeated parts by their role, kind or scheme: "parties[consignee].name", "route[load|discharge]",
 * "documents[invoice].date".
 *
 * Such a path says in one line what a quantifier says in three, and is compiled as that quantifier, so that everything that reads conditions
 * (explain, coverage, gates) sees what it knows:
 *
 *     {field: "parties[consignee].name", matches: x}       some: parties  where: {all: [{field: party.role, is: consignee}, {field: party.name,
 * matches: x}]} {some: "parties[consignee]", where: c}                some: parties  where: {all: [{field: party.role, is: consignee}, c]} {every:
 * "parties[consignee]", where: c}               some as above without c, and none with not: c {history: {of: "parties[consignee]", ...}, ...} some:
 * parties  where: {all: [{field: party.role, is: consignee}, {history: {of: party, ...}, ...}]}
 *
 * Over a list, a comparison holds when it holds of any; what would deny is refused, for it could mean two things.
 */
#include "engine/base/arena.h"
#include "rules/compile.h"

/* One path, taken apart. */
struct choice {
	const struct tw_yaml *path; /* as written */
	const char *bound;          /* name of the elements */
	const char *by;             /* their member that is chosen by */
	struct tw_slice list, words, rest;
};

static const char *const choosers[] = {"role", "kind", "scheme", NULL};

const struct tw_yaml *tw_choice_of(const struct tw_yaml *head)
{
	const char *where = tw_slice_is(head->key, "embargo") ? "country" : "of";
	const struct tw_yaml *path = head->kind == TW_YAML_MAPPING ? tw_yaml_member(head, where) : head;
	bool chooses = path && path->kind == TW_YAML_SCALAR && path->text.len && memchr(path->text.ptr, '[', path->text.len);
	return chooses ? path : NULL;
}

/* ---- taking apart ---- */

static bool malformed(struct tw_compile *compile, const struct tw_yaml *path)
{
	tw_report_error(compile->report, path->mark, TW_E_SYNTAX, "\"%.64s\" chooses nothing: write it as in \"parties[consignee].name\"",
	                path->text.ptr);
	return false;
}

static bool split(struct tw_compile *compile, const struct tw_yaml *path, struct choice *out)
{
	const char *end = path->text.ptr + path->text.len, *open = memchr(path->text.ptr, '[', path->text.len);
	const char *close = memchr(open, ']', (size_t)(end - open));
	if (open == path->text.ptr || !close || close == open + 1 || (close + 1 != end && (close[1] != '.' || close + 2 == end)) ||
	    memchr(close, '[', (size_t)(end - close))) {
		return malformed(compile, path);
	}
	out->path = path;
	out->list = tw_arena_copy(compile->arena, (struct tw_slice){path->text.ptr, (uint32_t)(open - path->text.ptr)});
	out->words = (struct tw_slice){open + 1, (uint32_t)(close - open - 1)};
	out->rest = close + 1 == end ? (struct tw_slice){"", 0} : (struct tw_slice){close + 2, (uint32_t)(end - close - 2)};
	return out->list.ptr != NULL;
}

static bool choice_read(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, struct choice *out)
{
	struct tw_yaml list = *node;
	struct tw_path path;
	if (!split(compile, node, out)) {
		return false;
	}
	list.text = out->list;
	if (!tw_compile_path(compile, scope, &list, false, &path)) {
		return false;
	}
	if (!path.field || path.field->kind != TW_FIELD_OBJECTS) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" is not repeated: nothing is to be chosen there", out->list.ptr);
		return false;
	}
	out->bound = path.field->shape->name;
	for (uint32_t i = 0; choosers[i] && !out->by; i++) {
		out->by = tw_field_find(path.field->shape, tw_slice_str(choosers[i])) ? choosers[i] : NULL;
	}
	if (!out->by) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" has neither role nor kind nor scheme to choose by", out->list.ptr);
	}
	return out->by != NULL;
}

/* ---- putting together ---- */

/* All nodes stand where the path stands. */
static struct tw_yaml *node_new(struct tw_compile *compile, const struct choice *choice, enum tw_yaml_kind kind)
{
	struct tw_yaml *node = tw_compile_alloc(compile, sizeof(*node));
	if (node) {
		*node = (struct tw_yaml){.kind = kind, .mark = choice->path->mark, .file = choice->path->file, .key_mark = choice->path->mark};
	}
	return node;
}

static struct tw_yaml *scalar(struct tw_compile *compile, const struct choice *choice, struct tw_slice text)
{
	struct tw_yaml *node = node_new(compile, choice, TW_YAML_SCALAR);
	if (node) {
		node->text = tw_arena_copy(compile->arena, text);
	}
	return node && node->text.ptr ? node : NULL;
}

/* Hangs a child in. @return `parent`; NULL: no memory, here or before */
static struct tw_yaml *add(struct tw_yaml *parent, struct tw_yaml *child)
{
	if (!parent || !child) {
		return NULL;
	}
	if (parent->last) {
		parent->last->next = child;
	} else {
		parent->first = child;
	}
	parent->last = child;
	parent->count++;
	return parent;
}

static struct tw_yaml *put(struct tw_yaml *parent, const char *key, struct tw_yaml *child)
{
	if (!child) {
		return NULL;
	}
	child->key = (struct tw_slice){key, (uint32_t)strlen(key)};
	return add(parent, child);
}

static struct tw_yaml *mapping_of(struct tw_compile *compile, const struct choice *choice, const char *key, struct tw_yaml *child)
{
	return put(node_new(compile, choice, TW_YAML_MAPPING), key, child);
}

/* A member as it was written, to stand elsewhere too. */
static struct tw_yaml *again(struct tw_compile *compile, const struct tw_yaml *member)
{
	struct tw_yaml *node = tw_compile_alloc(compile, sizeof(*node));
	if (node) {
		*node = *member;
		node->next = NULL;
	}
	return node;
}

static struct tw_yaml *all_of(struct tw_compile *compile, const struct choice *choice, struct tw_yaml *first, struct tw_yaml *second)
{
	struct tw_yaml *list = add(node_new(compile, choice, TW_YAML_SEQUENCE), first);
	return mapping_of(compile, choice, "all", second ? add(list, second) : list);
}

/* {field: party.role, in: [consignee, ...]} */
static struct tw_yaml *chosen(struct tw_compile *compile, const struct choice *choice)
{
	struct tw_yaml *words = node_new(compile, choice, TW_YAML_SEQUENCE);
	struct tw_slice left = choice->words;
	while (words && left.ptr) {
		const char *bar = left.len ? memchr(left.ptr, '|', left.len) : NULL;
		struct tw_slice word = {left.ptr, bar ? (uint32_t)(bar - left.ptr) : left.len};
		left = bar ? (struct tw_slice){bar + 1, left.len - word.len - 1} : (struct tw_slice){NULL, 0};
		words = add(words, scalar(compile, choice, word));
	}
	struct tw_slice path = tw_arena_format(compile->arena, "%s.%s", choice->bound, choice->by);
	return path.ptr ? put(mapping_of(compile, choice, "field", scalar(compile, choice, path)), "in", words) : NULL;
}

/* party, party.name: what the path means of one element */
static struct tw_yaml *of_element(struct tw_compile *compile, const struct choice *choice)
{
	struct tw_slice path =
	    tw_arena_format(compile->arena, "%s%s%.*s", choice->bound, choice->rest.len ? "." : "", (int)choice->rest.len, choice->rest.ptr);
	return path.ptr ? scalar(compile, choice, path) : NULL;
}

/* {some: parties, where: {all: [the choice, c]}} */
static struct tw_yaml *over(struct tw_compile *compile, const struct choice *choice, const char *quantifier, struct tw_yaml *c)
{
	struct tw_yaml *where = all_of(compile, choice, chosen(compile, choice), c);
	return put(mapping_of(compile, choice, quantifier, scalar(compile, choice, choice->list)), "where", where);
}

/* ---- what is asked ---- */

/* The head with its path made one element's: {field: party.name}, {history: {of: party, ...}} */
static struct tw_yaml *head_of_element(struct tw_compile *compile, const struct choice *choice, const struct tw_yaml *head)
{
	if (head->kind == TW_YAML_SCALAR) {
		return of_element(compile, choice);
	}
	struct tw_yaml *out = node_new(compile, choice, TW_YAML_MAPPING);
	for (const struct tw_yaml *member = head->first; member; member = member->next) {
		out = put(out, member->key.ptr, member == choice->path ? of_element(compile, choice) : again(compile, member));
	}
	if (out) {
		out->mark = head->mark;
	}
	return out;
}

/* @return false: the comparison would deny of a list, reported */
static bool affirms(struct tw_compile *compile, const struct tw_yaml *node)
{
	static const char *const refused[][2] = {{"is_not", "is"}, {"not_in", "in"}, {"not_matches", "matches"}, {"differs_from", "same_as"}};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct tw_yaml *comparator = tw_yaml_member(node, refused[i][0]);
		if (comparator) {
			tw_report_error(compile->report, comparator->key_mark, TW_E_TYPE,
			                "\"%s\" is ambiguous over those that are chosen: write `not:` around \"%s\"", refused[i][0], refused[i][1]);
			return false;
		}
	}
	return true;
}

static struct tw_yaml *value_over(struct tw_compile *compile, const struct choice *choice, const struct tw_yaml *node, const struct tw_yaml *head)
{
	const struct tw_yaml *stated = tw_yaml_member(node, "stated");
	bool absence = stated && tw_slice_is(stated->text, "false");
	struct tw_yaml *comparison = mapping_of(compile, choice, head->key.ptr, head_of_element(compile, choice, head));
	for (const struct tw_yaml *member = node->first; member; member = member->next) {
		if (member != head) {
			struct tw_yaml *other = again(compile, member);
			if (other && absence && member == stated) {
				other->text = tw_slice_str("true");
			}
			comparison = put(comparison, member->key.ptr, other);
		}
	}
	if (comparison) {
		comparison->mark = node->mark;
	}
	return comparison ? over(compile, choice, absence ? "none" : "some", comparison) : NULL;
}

static struct tw_yaml *quantifier_over(struct tw_compile *compile, const struct choice *choice, const struct tw_yaml *node,
                                       const struct tw_yaml *head)
{
	const struct tw_yaml *where = tw_yaml_member(node, "where");
	if (choice->rest.len) {
		(void)malformed(compile, choice->path);
		return NULL;
	}
	if (tw_slice_is(head->key, "every") && where) {
		struct tw_yaml *none = over(compile, choice, "none", mapping_of(compile, choice, "not", again(compile, where)));
		return all_of(compile, choice, over(compile, choice, "some", NULL), none);
	}
	struct tw_yaml *out = over(compile, choice, head->key.ptr, where ? again(compile, where) : NULL);
	for (const struct tw_yaml *member = node->first; member; member = member->next) {
		if (member != head && member != where) {
			out = put(out, member->key.ptr, again(compile, member));
		}
	}
	return out;
}

struct tw_clause *tw_compile_choice(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, const struct tw_yaml *head,
                                    uint32_t depth)
{
	static const char *const values[] = {"field", "history", "earlier", "embargo", NULL};
	struct choice choice = {.path = tw_choice_of(head)};
	bool value = false;
	uint32_t errors = compile->report->errors;
	for (uint32_t i = 0; values[i]; i++) {
		value = value || tw_slice_is(head->key, values[i]);
	}
	if (!choice.path || !choice_read(compile, scope, choice.path, &choice) || (value && !affirms(compile, node))) {
		return NULL;
	}
	if (!value && tw_slice_is(head->key, "every") && !tw_yaml_member(node, "where")) {
		tw_report_error(compile->report, choice.path->mark, TW_E_MISSING, "every needs `where`: what must hold of each");
		return NULL;
	}
	const struct tw_yaml *meant = value ? value_over(compile, &choice, node, head) : quantifier_over(compile, &choice, node, head);
	if (!meant && errors == compile->report->errors) {
		tw_report_error(compile->report, node->mark, TW_E_MEMORY, "no memory");
	}
	return meant ? tw_compile_condition(compile, scope, meant, depth + 1) : NULL;
}
