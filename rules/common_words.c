/**
 * @file common_words.c
 * See common_words.h.
 */
#include "rules/common_words.h"

#include <string.h>

/*
 * Words that stand in at least one text of 181, and of how many texts one has it, as a binary logarithm. Ascending.
 * Source: counted over the 6,747 different descriptions of the Harmonized System 2022 (WCO; the table that the data set "harmonized-system" has,
 * public domain), words of letters, digits and '_' in lower case, by their first eight.
 */
static const struct common {
	char word[TW_COMMON_WORD_BYTES];
	uint8_t bits;
} common[] = {
    /* clang-format off */
    {"0", 7}, {"01", 7}, {"0302", 7}, {"0303", 7}, {"0304", 6}, {"1", 6}, {"10", 7}, {"2", 6}, {"200g", 7}, {"3", 6}, {"4", 6}, {"5", 7},
    {"60", 7}, {"600mm", 6}, {"67", 7}, {"85", 5}, {"91", 6}, {"99", 6}, {"a", 3}, {"accessor", 6}, {"acid", 6}, {"acids", 6}, {"acyclic", 6},
    {"added", 6}, {"adhesive", 7}, {"agglomer", 7}, {"aircraft", 7}, {"alcohols", 7}, {"alloy", 6}, {"alloys", 7}, {"aluminiu", 7}, {"an", 6},
    {"and", 1}, {"animal", 5}, {"animals", 7}, {"any", 6}, {"apparatu", 5}, {"applianc", 6}, {"articles", 4}, {"artifici", 6}, {"as", 7},
    {"assemble", 7}, {"automati", 7}, {"bamboo", 7}, {"bars", 7}, {"base", 6}, {"based", 7}, {"bleached", 7}, {"blocks", 7}, {"bovine", 7},
    {"boys", 7}, {"brine", 7}, {"but", 4}, {"by", 4}, {"c", 3}, {"capacity", 7}, {"carbon", 7}, {"carded", 7}, {"cast", 7}, {"cellular", 7},
    {"cellulos", 7}, {"ceramic", 7}, {"cereals", 7}, {"chapter", 5}, {"chemical", 5}, {"chilled", 5}, {"chloride", 7}, {"clothing", 7},
    {"coated", 6}, {"coils", 7}, {"cold", 7}, {"colours", 7}, {"combed", 7}, {"combined", 7}, {"combusti", 7}, {"composit", 7}, {"compound", 5},
    {"compress", 7}, {"concentr", 7}, {"conifero", 7}, {"containe", 7}, {"containi", 4}, {"controll", 7}, {"cooked", 7}, {"copper", 7},
    {"cotton", 4}, {"covered", 7}, {"covering", 7}, {"crochete", 4}, {"cross", 6}, {"crude", 7}, {"crushed", 7}, {"crustace", 7}, {"cut", 6},
    {"cutting", 7}, {"decitex", 6}, {"defined", 7}, {"derivati", 5}, {"designed", 7}, {"differen", 7}, {"domestic", 7}, {"dried", 5},
    {"dyed", 7}, {"e", 3}, {"edible", 5}, {"electric", 4}, {"elsewher", 7}, {"engines", 7}, {"equipmen", 6}, {"esters", 7}, {"exceedin", 4},
    {"excludin", 4}, {"fabrics", 4}, {"fibres", 4}, {"filament", 6}, {"fillets", 6}, {"film", 7}, {"fine", 6}, {"fish", 5}, {"fitted", 7},
    {"fittings", 6}, {"flat", 6}, {"floor", 7}, {"foil", 7}, {"food", 7}, {"footwear", 7}, {"for", 2}, {"form", 6}, {"forms", 5},
    {"fraction", 7}, {"fresh", 4}, {"from", 6}, {"frozen", 5}, {"fruit", 6}, {"function", 6}, {"furnitur", 7}, {"further", 7}, {"g", 6},
    {"gas", 7}, {"girls", 6}, {"glass", 6}, {"goods", 6}, {"ground", 6}, {"hair", 5}, {"halogena", 6}, {"hand", 6}, {"hard", 7}, {"having", 7},
    {"heading", 3}, {"headings", 7}, {"heterocy", 7}, {"high", 7}, {"hot", 6}, {"human", 7}, {"hydrocar", 6}, {"hydrogen", 7}, {"ignition", 7},
    {"impregna", 7}, {"in", 2}, {"included", 7}, {"includin", 4}, {"incorpor", 7}, {"industri", 7}, {"inn", 7}, {"inorgani", 7}, {"instrume", 6},
    {"internal", 7}, {"iron", 5}, {"iso", 7}, {"item", 5}, {"its", 6}, {"jackets", 7}, {"kind", 5}, {"knitted", 4}, {"laminate", 7},
    {"leather", 7}, {"less", 5}, {"light", 7}, {"like", 5}, {"live", 6}, {"m2", 6}, {"machine", 6}, {"machiner", 5}, {"machines", 5},
    {"made", 5}, {"mainly", 6}, {"making", 7}, {"man", 6}, {"manufact", 6}, {"material", 4}, {"matter", 6}, {"measurin", 7}, {"meat", 5},
    {"mechanic", 6}, {"men", 7}, {"metal", 5}, {"metals", 7}, {"metric", 7}, {"mineral", 6}, {"mixed", 6}, {"mixtures", 6}, {"modified", 7},
    {"molluscs", 7}, {"monofila", 7}, {"more", 4}, {"motor", 6}, {"multiple", 7}, {"n", 3}, {"natural", 6}, {"nickel", 7}, {"nitrated", 7},
    {"nitrosat", 7}, {"no", 3}, {"non", 5}, {"not", 2}, {"number", 7}, {"nuts", 7}, {"obtained", 7}, {"of", 1}, {"offal", 5}, {"oil", 6},
    {"oils", 6}, {"on", 6}, {"one", 7}, {"only", 6}, {"operated", 7}, {"or", 1}, {"ores", 7}, {"organic", 7}, {"other", 2}, {"otherwis", 6},
    {"outer", 7}, {"oxygen", 6}, {"paper", 5}, {"paperboa", 5}, {"parts", 4}, {"pellets", 7}, {"per", 7}, {"petroleu", 7}, {"photogra", 7},
    {"pipes", 7}, {"piston", 7}, {"plain", 7}, {"plastics", 5}, {"plated", 7}, {"plates", 6}, {"polyeste", 7}, {"polymers", 7}, {"powder", 7},
    {"powders", 7}, {"power", 7}, {"precious", 7}, {"preparat", 5}, {"prepared", 5}, {"preserve", 6}, {"primary", 6}, {"printed", 6},
    {"processe", 7}, {"products", 5}, {"propelle", 7}, {"pulp", 7}, {"purposes", 7}, {"put", 6}, {"recordin", 7}, {"rectangu", 7},
    {"refined", 7}, {"reinforc", 7}, {"reproduc", 7}, {"residues", 7}, {"retail", 5}, {"ring", 7}, {"rods", 7}, {"rolled", 6}, {"rolls", 6},
    {"roughly", 7}, {"rubber", 5}, {"s", 5}, {"sale", 5}, {"salted", 7}, {"salts", 5}, {"saturate", 7}, {"sawn", 7}, {"scrap", 6}, {"seed", 7},
    {"seeds", 7}, {"self", 6}, {"semi", 6}, {"sets", 7}, {"sewing", 6}, {"shape", 7}, {"sheets", 5}, {"shell", 6}, {"shelled", 7},
    {"similar", 4}, {"single", 6}, {"skins", 7}, {"sliced", 7}, {"smoked", 7}, {"smoking", 7}, {"solely", 6}, {"solid", 7}, {"sound", 7},
    {"specifie", 6}, {"split", 7}, {"spp", 6}, {"square", 7}, {"stainles", 7}, {"staple", 6}, {"steel", 4}, {"stone", 7}, {"strip", 6},
    {"structur", 7}, {"subheadi", 6}, {"substanc", 6}, {"sugar", 6}, {"suitable", 7}, {"sulphona", 7}, {"surface", 7}, {"sweeteni", 7},
    {"syntheti", 5}, {"textile", 5}, {"textiles", 7}, {"than", 2}, {"the", 3}, {"their", 5}, {"thereof", 4}, {"thicknes", 6}, {"this", 7},
    {"those", 5}, {"thread", 5}, {"to", 5}, {"tools", 6}, {"tubes", 6}, {"type", 7}, {"unbleach", 7}, {"unwrough", 7}, {"up", 5}, {"use", 6},
    {"used", 5}, {"uses", 7}, {"vegetabl", 5}, {"vehicles", 6}, {"vulcanis", 7}, {"waste", 5}, {"watch", 7}, {"water", 7}, {"weighing", 6},
    {"weight", 4}, {"whether", 3}, {"which", 7}, {"whole", 7}, {"width", 6}, {"wire", 7}, {"with", 3}, {"without", 5}, {"women", 6}, {"wood", 5},
    {"wool", 6}, {"worked", 7}, {"working", 6}, {"woven", 5}, {"yarn", 5}, {"yarns", 7}, {"zinc", 7},
    /* clang-format on */
};

#define COMMON (sizeof(common) / sizeof(common[0]))

/* @return the first row that is not before the word; COMMON: there is none */
static uint32_t first_from(const char *word, uint32_t length)
{
	uint32_t low = 0, high = COMMON;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (memcmp(common[middle].word, word, length) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

uint32_t tw_common_word_bits(const char *word, uint32_t length, bool whole)
{
	uint32_t least = TW_COMMON_WORD_NONE;
	for (uint32_t i = first_from(word, length); i < COMMON && memcmp(common[i].word, word, length) == 0; i++) {
		bool same = length == TW_COMMON_WORD_BYTES || common[i].word[length] == '\0';
		if ((same || !whole) && common[i].bits < least) {
			least = common[i].bits;
		}
	}
	return least;
}
