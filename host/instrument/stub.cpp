#include "host/instrument/trace_file.hpp"
#include "host/instrument/sha256.hpp"
#include "core/trace/workflow_trace.hpp"
#include "core/base/object_builder.hpp"
namespace pflow::host {
Result<std::string> sha256_of_file(const std::filesystem::path&){ return std::string(64,'0'); }
}
namespace pflow {
}
#include <fcntl.h>
#include <unistd.h>
#include <sys/stat.h>
namespace pflow::host {
Result<std::unique_ptr<TraceFile>> TraceFile::create(const std::filesystem::path& folder, std::string_view stem){
 std::error_code ec; std::filesystem::create_directories(folder, ec); ::chmod(folder.c_str(),0700);
 for(int i=1;i<1000;++i){ auto f=std::make_unique<TraceFile>(); f->p=folder/(std::string(stem)+(i>1?"-"+std::to_string(i):"")+".json"); f->fd=::open(f->p.c_str(),O_CREAT|O_EXCL|O_RDWR|O_CLOEXEC,0600); if(f->fd>=0) return f; if(errno!=EEXIST) break;}
 Error e; e.code=Code::kIo; e.message="cannot create"; e.where=folder.string(); return e; }
bool TraceFile::write_at(std::uint64_t at, std::string_view t) noexcept { bool ok= ::pwrite(fd,t.data(),t.size(),static_cast<off_t>(at))==static_cast<ssize_t>(t.size()); if(ok&&at+t.size()<size) ok=::ftruncate(fd,static_cast<off_t>(at+t.size()))==0; size=at+t.size(); return ok; }
}
