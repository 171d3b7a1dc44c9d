/**
 * @file rules_tree.c
 * See rules_tree.h.
 */
#include "engine/command/rules_tree.h"

#include "engine/base/arena.h"

#define WORDS_COLUMN 76 /* where true and false stand: conditions that are longer push them aside */
#define WORDS_MAX    110U

/* No line of a list that names forty words. */
static struct tw_slice words_of(const struct tw_trace_node *node, struct tw_arena *arena)
{
	struct tw_slice words = tw_trace_words(node->node, arena);
	struct tw_slice cut = tw_json_cut(words, WORDS_MAX);
	return cut.len < words.len ? tw_arena_format(arena, "%.*s...", (int)cut.len, cut.ptr) : words;
}

static void say(const struct tw_trace_node *node, uint32_t margin, struct tw_arena *arena, FILE *out)
{
	struct tw_slice words = words_of(node, arena);
	int used = fprintf(out, "%*s", (int)margin, "");
	if (node->element) {
		used += fprintf(out, "#%u ", node->element);
	}
	used += fprintf(out, "%.*s", (int)words.len, words.len ? words.ptr : "");
	fprintf(out, "%*s%s", used < WORDS_COLUMN ? WORDS_COLUMN - used : 1, "", node->holds ? "true " : "false");
	if (node->left.len) {
		fprintf(out, "  saw %s", node->left.ptr);
	}
	if (node->right.len) {
		fprintf(out, ", against %s", node->right.ptr);
	}
	fputc('\n', out);
	for (const struct tw_trace_node *child = node->first; child; child = child->next) {
		say(child, margin + 2, arena, out);
	}
}

void tw_rules_tree_say(const struct tw_trace_node *root, uint32_t margin, struct tw_arena *arena, FILE *out)
{
	say(root, margin, arena, out);
}

void tw_rules_tree_json(struct tw_json *json, const struct tw_trace_node *root, struct tw_arena *arena)
{
	tw_json_object(json);
	tw_json_text_member(json, "condition", tw_trace_words(root->node, arena));
	tw_json_key(json, "holds");
	tw_json_flag(json, root->holds);
	if (root->element) {
		tw_json_integer_member(json, "element", root->element);
	}
	tw_json_text_member(json, "saw", root->left);
	tw_json_text_member(json, "against", root->right);
	if (root->first) {
		tw_json_key(json, "parts");
		tw_json_array(json);
		for (const struct tw_trace_node *child = root->first; child; child = child->next) {
			tw_rules_tree_json(json, child, arena);
		}
		tw_json_array_end(json);
	}
	tw_json_object_end(json);
}
