// Opening: only what the import made, unchanged.
#include <sqlite3.h>

#include "corpus_support.h"

namespace writ::evals {
namespace {

using testing::CorpusTest;
using ::testing::HasSubstr;

class CorpusOpen : public CorpusTest {
 protected:
  void Sql(const std::string& path, const std::string& sql) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all,
                                 std::filesystem::perm_options::add);
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  void ExpectRefused(const std::string& path, CorpusErrorCode code, const std::string& says) {
    const auto corpus = Corpus::Open(path);
    ASSERT_FALSE(corpus);
    EXPECT_EQ(corpus.error().code, code) << corpus.error().message;
    EXPECT_THAT(corpus.error().message, HasSubstr(says));
  }
};

TEST_F(CorpusOpen, RefusesWhatIsNoCorpus) {
  ExpectRefused(Path("absent.db"), CorpusErrorCode::kOpen, "cannot be opened");
  EXPECT_FALSE(std::filesystem::exists(Path("absent.db")));
  ExpectRefused(Write("text.db", std::string(5000, 'x')), CorpusErrorCode::kNotACorpus,
                "not a database");
  ExpectRefused(Write("empty.db", ""), CorpusErrorCode::kNotACorpus, "not a corpus");
  Write("other.db", "");
  Sql(Path("other.db"), "CREATE TABLE x (y)");
  ExpectRefused(Path("other.db"), CorpusErrorCode::kNotACorpus, "not a corpus");
  Sql(Path("other.db"), "PRAGMA application_id = 0x77726974; PRAGMA user_version = 2");
  ExpectRefused(Path("other.db"), CorpusErrorCode::kNotACorpus, "no such table");
}

TEST_F(CorpusOpen, RefusesAnotherVersionAndATruncatedFile) {
  ASSERT_TRUE(Import(Lines(), Mapping()));
  std::filesystem::copy(Path("runs.db"), Path("newer.db"));
  Sql(Path("newer.db"), "PRAGMA user_version = 99");
  ExpectRefused(Path("newer.db"), CorpusErrorCode::kNotACorpus, "another version of writ");
  std::string bytes;
  {
    std::ifstream file(Path("runs.db"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto truncated = Corpus::Open(Write("cut.db", bytes.substr(0, bytes.size() / 3)));
  if (truncated) {
    EXPECT_FALSE(truncated->VerifyDigest());
  }
}

TEST_F(CorpusOpen, NoticesChangedRows) {
  ASSERT_TRUE(Import(Lines(), Mapping()));
  Sql(Path("runs.db"), "UPDATE facts SET value = '11.00 EUR' WHERE event = 10");
  const auto corpus = Corpus::Open(Path("runs.db"));
  ASSERT_TRUE(corpus) << corpus.error().message;
  const auto verified = corpus->VerifyDigest();
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, CorpusErrorCode::kDigestMismatch);
}

TEST_F(CorpusOpen, AnyDamagedByteIsRefusedOrNoticedAndNeverACrash) {
  ASSERT_TRUE(Import(Lines(), Mapping()));
  std::string bytes;
  {
    std::ifstream file(Path("runs.db"), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  for (std::size_t i = 0; i < bytes.size(); i += 97) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto corpus = Corpus::Open(Write("damaged.db", damaged));
    if (!corpus) continue;
    (void)corpus->VerifyDigest();
    (void)corpus->ForEachEvent(true, [](const CorpusEvent&) { return true; });
    (void)corpus->Labels();
  }
}

}  // namespace
}  // namespace writ::evals
