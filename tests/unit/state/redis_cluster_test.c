/**
 * @file redis_cluster_test.c
 * Slots of tags, redirections, slot tables: what members say, and what they should not.
 */
#include "engine/state/redis_cluster.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <string.h>

Test(redis_cluster_words, slots_are_those_of_the_specification)
{
	/* CLUSTER KEYSLOT of redis-server 7.0.15; the first is the CRC's check value, 0x31C3 */
	cr_expect_eq(tw_cluster_slot("123456789"), 0x31C3);
	cr_expect_eq(tw_cluster_slot("foo"), 12182);
	cr_expect_eq(tw_cluster_slot("tw:s0"), 12005);
	cr_expect_eq(tw_cluster_slot(""), 0);
}

static enum tw_redirect redirect(const char *words, uint32_t *slot, struct tw_cluster_server *server)
{
	char text[512];
	redisReply reply = {.type = REDIS_REPLY_ERROR, .str = text, .len = strlen(words)};
	memcpy(text, words, strlen(words) + 1);
	return tw_cluster_redirect(&reply, slot, server);
}

Test(redis_cluster_words, moved_and_ask_name_slot_and_server)
{
	uint32_t slot = 0;
	struct tw_cluster_server server;
	cr_expect_eq(redirect("MOVED 3999 127.0.0.1:6381", &slot, &server), TW_REDIRECT_MOVED);
	cr_expect_eq(slot, 3999);
	cr_expect_str_eq(server.host, "127.0.0.1");
	cr_expect_eq(server.port, 6381);
	cr_expect_eq(redirect("ASK 16383 fd00::1:7000", &slot, &server), TW_REDIRECT_ASK);
	cr_expect_eq(slot, 16383);
	cr_expect_str_eq(server.host, "fd00::1");
	cr_expect_eq(redirect("MOVED 1 :7001", &slot, &server), TW_REDIRECT_MOVED, "a member without a name");
	cr_expect_str_eq(server.host, "");
	cr_expect_eq(server.port, 7001);
}

Test(redis_cluster_words, what_is_no_redirection_is_none)
{
	static const char *const others[] = {"MOVED",
	                                     "MOVED 1",
	                                     "MOVED x 127.0.0.1:1",
	                                     "MOVED 16384 127.0.0.1:1",
	                                     "MOVED 1 127.0.0.1",
	                                     "MOVED 1 host:0",
	                                     "MOVED 1 host:1x",
	                                     "MOVED 1 host:65536",
	                                     "ASK 1",
	                                     "ASKING 1 host:1",
	                                     "TRYAGAIN 1 a:1",
	                                     "",
	                                     "MOVED -1 host:1",
	                                     "MOVED 1  "};
	uint32_t slot;
	struct tw_cluster_server server;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		cr_expect_eq(redirect(others[i], &slot, &server), TW_REDIRECT_NONE, "%s", others[i]);
	}
	char text[400] = "MOVED 1 ";
	memset(text + 8, 'h', 300);
	memcpy(text + 308, ":1", 3);
	cr_expect_eq(redirect(text, &slot, &server), TW_REDIRECT_NONE, "a host longer than any");
	redisReply reply = {.type = REDIS_REPLY_STATUS, .str = text, .len = strlen(text)};
	cr_expect_eq(tw_cluster_redirect(&reply, &slot, &server), TW_REDIRECT_NONE);
}

/* A table of one row, as it is changed by a test. */
struct row {
	redisReply first, last, host, port, server, row, table;
	redisReply *of_server[2], *of_row[3], *of_table[1];
	char text[32];
};

static void row_fill(struct row *row, const char *host)
{
	*row = (struct row){.first = {.type = REDIS_REPLY_INTEGER, .integer = 0},
	                    .last = {.type = REDIS_REPLY_INTEGER, .integer = 5460},
	                    .host = {.type = host ? REDIS_REPLY_STRING : REDIS_REPLY_NIL, .str = row->text},
	                    .port = {.type = REDIS_REPLY_INTEGER, .integer = 7000}};
	if (host) {
		memcpy(row->text, host, strlen(host) + 1);
		row->host.len = strlen(host);
	}
	row->of_server[0] = &row->host, row->of_server[1] = &row->port;
	row->server = (redisReply){.type = REDIS_REPLY_ARRAY, .elements = 2, .element = row->of_server};
	row->of_row[0] = &row->first, row->of_row[1] = &row->last, row->of_row[2] = &row->server;
	row->row = (redisReply){.type = REDIS_REPLY_ARRAY, .elements = 3, .element = row->of_row};
	row->of_table[0] = &row->row;
	row->table = (redisReply){.type = REDIS_REPLY_ARRAY, .elements = 1, .element = row->of_table};
}

Test(redis_cluster_words, a_table_names_the_primary_of_a_slot)
{
	struct row row;
	struct tw_cluster_server server;
	struct tw_error err = {.detail = ""};
	row_fill(&row, "10.0.0.1");
	cr_expect_eq(tw_cluster_primary(&row.table, 5460, "here", &server, &err), TW_OK);
	cr_expect_str_eq(server.host, "10.0.0.1");
	cr_expect_eq(server.port, 7000);
	row_fill(&row, NULL);
	cr_expect_eq(tw_cluster_primary(&row.table, 0, "here", &server, &err), TW_OK);
	cr_expect_str_eq(server.host, "");
	row_fill(&row, "?");
	cr_expect_eq(tw_cluster_primary(&row.table, 0, "here", &server, &err), TW_OK);
	cr_expect_str_eq(server.host, "");
}

Test(redis_cluster_words, a_slot_that_nobody_has_is_a_retry)
{
	struct row row;
	struct tw_cluster_server server;
	struct tw_error err = {.detail = ""};
	row_fill(&row, "10.0.0.1");
	cr_expect_eq(tw_cluster_primary(&row.table, 5461, "here", &server, &err), TW_E_IO);
	cr_expect_eq(err.disposition, TW_RETRY);
	cr_expect(strstr(err.detail, "5461"), "%s", err.detail);
}

Test(redis_cluster_words, a_table_that_is_none_stops)
{
	struct row row;
	struct tw_cluster_server server;
	for (int broken = 0; broken < 7; broken++) {
		struct tw_error err = {.detail = ""};
		row_fill(&row, "10.0.0.1");
		switch (broken) {
		case 0:
			row.table.type = REDIS_REPLY_STATUS;
			break;
		case 1:
			row.row.elements = 2;
			break;
		case 2:
			row.first.type = REDIS_REPLY_STRING;
			break;
		case 3:
			row.server.elements = 1;
			break;
		case 4:
			row.port.integer = 65536;
			break;
		case 5:
			row.host.type = REDIS_REPLY_INTEGER;
			break;
		default:
			row.host.len = 4096;
			break;
		}
		cr_expect_eq(tw_cluster_primary(&row.table, 1, "here", &server, &err), TW_E_IO, "broken %d", broken);
		cr_expect_eq(err.disposition, TW_STOP, "broken %d", broken);
	}
}
