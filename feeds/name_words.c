/**
 * @file name_words.c
 * Tables only; see name_words.h. Every table is sorted by word and found by bisection.
 * Source: opensanctions/rigour (MIT), stopwords, for most stop words.
 */
#include "feeds/name_words.h"

#include <pthread.h>

#include "feeds/name_form_words.h"
#include "feeds/name_trade_words.h"
#include "feeds/word_table.h"

#define TOLD_LETTERS_MIN 4 /* of a word of a company form that is none beside other words */

enum stop_in { STOP_PERSON = 1 << 0, STOP_ORGANISATION = 1 << 1, STOP_VESSEL = 1 << 2, STOP_ANY = 7 };

struct stop {
	struct tw_slice word;
	uint32_t domains;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

static const struct stop stops[] = {
    {WORD("a"), STOP_ANY},
    {WORD("abd"), STOP_PERSON},
    {WORD("abi"), STOP_PERSON},
    {WORD("abo"), STOP_PERSON},
    {WORD("aboo"), STOP_PERSON},
    {WORD("abou"), STOP_PERSON},
    {WORD("abu"), STOP_PERSON},
    {WORD("ad"), STOP_ANY},
    {WORD("after"), STOP_ORGANISATION},
    {WORD("al"), STOP_ANY},
    {WORD("an"), STOP_ANY},
    {WORD("and"), STOP_ANY},
    {WORD("ar"), STOP_ANY},
    {WORD("as"), STOP_ANY},
    {WORD("at"), STOP_ANY},
    {WORD("ben"), STOP_PERSON},
    {WORD("bent"), STOP_PERSON},
    {WORD("bin"), STOP_PERSON},
    {WORD("bint"), STOP_PERSON},
    {WORD("by"), STOP_ORGANISATION},
    {WORD("da"), STOP_ANY},
    {WORD("das"), STOP_ANY},
    {WORD("de"), STOP_ANY},
    {WORD("del"), STOP_ANY},
    {WORD("den"), STOP_ANY},
    {WORD("der"), STOP_ANY},
    {WORD("des"), STOP_ANY},
    {WORD("di"), STOP_ANY},
    {WORD("do"), STOP_ANY},
    {WORD("dos"), STOP_ANY},
    {WORD("dr"), STOP_PERSON},
    {WORD("du"), STOP_ANY},
    {WORD("e"), STOP_ANY},
    {WORD("el"), STOP_ANY},
    {WORD("et"), STOP_ANY},
    {WORD("for"), STOP_ANY},
    {WORD("gizi"), STOP_PERSON},
    {WORD("haji"), STOP_PERSON},
    {WORD("hajji"), STOP_PERSON},
    {WORD("i"), STOP_ANY},
    {WORD("ibn"), STOP_PERSON},
    {WORD("im"), STOP_ORGANISATION},
    {WORD("imeni"), STOP_ORGANISATION},
    {WORD("in"), STOP_ANY},
    {WORD("kyzy"), STOP_PERSON},
    {WORD("la"), STOP_ANY},
    {WORD("le"), STOP_ANY},
    {WORD("les"), STOP_ANY},
    {WORD("los"), STOP_ANY},
    {WORD("maulavi"), STOP_PERSON},
    {WORD("mawlawi"), STOP_PERSON},
    {WORD("messrs"), STOP_ORGANISATION},
    {WORD("mr"), STOP_PERSON},
    {WORD("mrs"), STOP_PERSON},
    {WORD("ms"), STOP_PERSON},
    {WORD("mullah"), STOP_PERSON},
    {WORD("named"), STOP_ORGANISATION},
    {WORD("of"), STOP_ANY},
    {WORD("oghlu"), STOP_PERSON},
    {WORD("ogli"), STOP_PERSON},
    {WORD("oglu"), STOP_PERSON},
    {WORD("ogly"), STOP_PERSON},
    {WORD("on"), STOP_ORGANISATION},
    {WORD("oulad"), STOP_PERSON},
    {WORD("ould"), STOP_PERSON},
    {WORD("prof"), STOP_PERSON},
    {WORD("qizi"), STOP_PERSON},
    {WORD("shaykh"), STOP_PERSON},
    {WORD("sheikh"), STOP_PERSON},
    {WORD("the"), STOP_ANY},
    {WORD("to"), STOP_ORGANISATION},
    {WORD("ul"), STOP_ANY},
    {WORD("uld"), STOP_PERSON},
    {WORD("umm"), STOP_PERSON},
    {WORD("und"), STOP_ANY},
    {WORD("uulu"), STOP_PERSON},
    {WORD("van"), STOP_PERSON},
    {WORD("ve"), STOP_ORGANISATION},
    {WORD("von"), STOP_PERSON},
    {WORD("with"), STOP_ORGANISATION},
    {WORD("wuld"), STOP_PERSON},
    {WORD("y"), STOP_ANY},
    {WORD("zu"), STOP_PERSON},
};

/* Stop words of persons that are one word in several spellings: of a father, a son, a tribe's sons; canonical ones are compared. */
static const struct spelt {
	struct tw_slice word, usual;
} spelt[] = {
    {WORD("abi"), WORD("abu")},   {WORD("abo"), WORD("abu")},         {WORD("aboo"), WORD("abu")},      {WORD("abou"), WORD("abu")},
    {WORD("ben"), WORD("bin")},   {WORD("bent"), WORD("bint")},       {WORD("el"), WORD("al")},         {WORD("hajji"), WORD("haji")},
    {WORD("ibn"), WORD("bin")},   {WORD("maulavi"), WORD("mawlawi")}, {WORD("oghlu"), WORD("oglu")},    {WORD("ogli"), WORD("oglu")},
    {WORD("ogly"), WORD("oglu")}, {WORD("oulad"), WORD("ould")},      {WORD("sheikh"), WORD("shaykh")}, {WORD("ul"), WORD("al")},
    {WORD("uld"), WORD("ould")},  {WORD("wuld"), WORD("ould")},
};

/* What may stand before a person's name and is none of it, with how it is shortened. A surname may be written so too (General, Major), and stands
 * then in another place or before one word alone. Source: NATO, STANAG 2116, officers' ranks; UN consolidated list, TITLE of its persons. */
static const struct {
	struct tw_slice word;
} titles[] = {
    {WORD("adm")},        {WORD("admiral")},   {WORD("air")},          {WORD("alhaj")},         {WORD("alhaji")},     {WORD("amb")},
    {WORD("ambassador")}, {WORD("ayatollah")}, {WORD("brig")},         {WORD("brigadier")},     {WORD("bro")},        {WORD("capitan")},
    {WORD("capt")},       {WORD("captain")},   {WORD("cdr")},          {WORD("cheikh")},        {WORD("chief")},      {WORD("cmdr")},
    {WORD("cmdt")},       {WORD("col")},       {WORD("colonel")},      {WORD("comandante")},    {WORD("commandant")}, {WORD("commander")},
    {WORD("commodore")},  {WORD("coronel")},   {WORD("corporal")},     {WORD("cpt")},           {WORD("dato")},       {WORD("datuk")},
    {WORD("daw")},        {WORD("deputy")},    {WORD("dipl")},         {WORD("doctor")},        {WORD("doctora")},    {WORD("don")},
    {WORD("dona")},       {WORD("dra")},       {WORD("eng")},          {WORD("engineer")},      {WORD("engr")},       {WORD("field")},
    {WORD("frau")},       {WORD("gen")},       {WORD("general")},      {WORD("hadj")},          {WORD("hadji")},      {WORD("hafiz")},
    {WORD("hajj")},       {WORD("herr")},      {WORD("hojatoleslam")}, {WORD("hojjatoleslam")}, {WORD("hon")},        {WORD("honourable")},
    {WORD("imam")},       {WORD("ing")},       {WORD("ingeniero")},    {WORD("lic")},           {WORD("licenciado")}, {WORD("lieut")},
    {WORD("lieutenant")}, {WORD("lt")},        {WORD("ltc")},          {WORD("ltgen")},         {WORD("madam")},      {WORD("madame")},
    {WORD("maitre")},     {WORD("maj")},       {WORD("major")},        {WORD("marshal")},       {WORD("maulana")},    {WORD("maulvi")},
    {WORD("mawlana")},    {WORD("minister")},  {WORD("mme")},          {WORD("mofti")},         {WORD("molla")},      {WORD("mollah")},
    {WORD("molvi")},      {WORD("monsieur")},  {WORD("moulavi")},      {WORD("mufti")},         {WORD("muhandis")},   {WORD("mulla")},
    {WORD("president")},  {WORD("professor")}, {WORD("qari")},         {WORD("rear")},          {WORD("rev")},        {WORD("senator")},
    {WORD("senhor")},     {WORD("senhora")},   {WORD("senior")},       {WORD("senor")},         {WORD("senora")},     {WORD("sergeant")},
    {WORD("sgt")},        {WORD("shaikh")},    {WORD("sheik")},        {WORD("sheyk")},         {WORD("sheykh")},     {WORD("sir")},
    {WORD("sr")},         {WORD("sra")},       {WORD("teniente")},     {WORD("ustad")},         {WORD("ustadh")},     {WORD("ustaz")},
    {WORD("vice")},       {WORD("warrant")},
};

/* Source: usual prefixes of ships' names in manifests: motor vessel, motor tanker, motor ship, steam ship, and carriers of gas and bulk. */
static const char *const ship_prefixes[] = {"mv",   "mt",  "ms",  "ss",  "fv", "lng",    "lngc",   "lpg",
                                            "lpgc", "mts", "mtv", "mvs", "rv", "tanker", "vessel", "vsl"};

static struct tw_word_table stop_table = TW_WORD_TABLE(stops);
static struct tw_word_table spelt_table = TW_WORD_TABLE(spelt);
static struct tw_word_table title_table = TW_WORD_TABLE(titles);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_table(void)
{
	tw_word_table_open(&stop_table);
	tw_word_table_open(&spelt_table);
	tw_word_table_open(&title_table);
}

bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain)
{
	static const uint32_t in_domain[] = {0, STOP_PERSON, STOP_ORGANISATION, STOP_VESSEL, STOP_VESSEL};
	pthread_once(&opened, open_table);
	const struct stop *stop = tw_word_find(&stop_table, word);
	return stop && (stop->domains & in_domain[domain]);
}

struct tw_slice tw_name_usual_stop(struct tw_slice word)
{
	pthread_once(&opened, open_table);
	const struct spelt *found = tw_word_find(&spelt_table, word);
	return found ? found->usual : word;
}

bool tw_name_is_title(struct tw_slice word)
{
	pthread_once(&opened, open_table);
	return tw_word_find(&title_table, word) != NULL;
}

/* Source: endings of patronymics in Russian, Ukrainian, Belarusian, by the usual romanisations and as name_spelling.h has them. A surname may end so
 * too (Abramovich): it weighs less, and is compared all the same. */
static bool is_patronymic(struct tw_slice word)
{
	static const struct tw_slice endings[] = {WORD("ovich"), WORD("evich"), WORD("ovych"), WORD("evych"), WORD("yovych"),
	                                          WORD("ovna"),  WORD("evna"),  WORD("ivna"),  WORD("ouna"),  WORD("auna")};
	for (size_t i = 0; word.len && (word.ptr[word.len - 1] == 'h' || word.ptr[word.len - 1] == 'a') && i < sizeof(endings) / sizeof(endings[0]);
	     i++) {
		uint32_t length = endings[i].len;
		if (word.len > length + 1 && memcmp(word.ptr + word.len - length, endings[i].ptr, length) == 0) {
			return true;
		}
	}
	return false;
}

bool tw_name_is_minor(struct tw_slice word, enum tw_name_domain domain)
{
	switch (domain) {
	case TW_NAME_OF_PERSON:
		return is_patronymic(word);
	case TW_NAME_OF_ORGANISATION:
		return tw_name_is_trade(word) || (word.len >= TOLD_LETTERS_MIN && tw_name_is_form_word(word));
	case TW_NAME_OF_VESSEL:
	case TW_NAME_OF_AIRCRAFT:
		return false;
	}
	return false;
}

struct tw_slice tw_name_ship_number(struct tw_slice word, bool last)
{
	static const struct tw_slice roman[] = {WORD("i"),  WORD("ii"),  WORD("iii"),  WORD("iv"), WORD("v"),
	                                        WORD("vi"), WORD("vii"), WORD("viii"), WORD("ix"), WORD("x")};
	static const struct tw_slice spoken[] = {WORD("one"), WORD("two"),   WORD("three"), WORD("four"), WORD("five"),
	                                         WORD("six"), WORD("seven"), WORD("eight"), WORD("nine"), WORD("ten")};
	static const struct tw_slice digits[] = {WORD("1"), WORD("2"), WORD("3"), WORD("4"), WORD("5"),
	                                         WORD("6"), WORD("7"), WORD("8"), WORD("9"), WORD("10")};
	while (word.len > 1 && word.ptr[0] == '0') {
		word.ptr++;
		word.len--;
	}
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		if (tw_slice_equal(word, roman[i]) || (last && tw_slice_equal(word, spoken[i]))) {
			return digits[i];
		}
	}
	return word;
}

bool tw_name_is_ship_prefix(struct tw_slice word)
{
	for (size_t i = 0; i < sizeof(ship_prefixes) / sizeof(ship_prefixes[0]); i++) {
		if (tw_slice_is(word, ship_prefixes[i])) {
			return true;
		}
	}
	return false;
}
