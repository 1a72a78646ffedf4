// equinode peer add|list|remove|accept|begin-anew.
#include "client/cli/command.h"
#include "client/cli/exit_code.h"
#include "client/cli/files.h"
#include "client/cli/session.h"
#include "client/cli/talk.h"
#include "client/cli/words.h"
#include "equinode/v1/admin_service.pb.h"

namespace equinode::cli {
namespace {

struct PeerAddOptions {
  std::filesystem::path certificate{};
  std::string address{};
  std::string relay{};
  bool take_over = false;
};

Result<int> RunPeerAdd(const Shared& shared, const PeerAddOptions& options) {
  v1::AddPeerRequest request;
  EQN_TRY(*request.mutable_certificate_pem(), ReadText(options.certificate, 64 * 1024));
  request.set_address(options.address);
  request.set_relay(options.relay);
  request.set_take_over_renewals(options.take_over);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto added, session.Call<v1::AddPeerResponse>("AdminService/AddPeer", request));
  Json json = Json::object();
  json["peer"] = added.peer().uri();
  Json prints = Json::array();
  for (const auto& certificate : added.peer().certificates()) {
    prints.push_back(certificate.fingerprint());
  }
  json["fingerprints"] = std::move(prints);
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  Say("Compare the fingerprint with what the peer's operator reads to you.");
  return kExitOk;
}

Result<int> RunPeerList(const Shared& shared, const NoOptions&) {
  EQN_TRY(Session session, Session::Open(shared.node));
  Sheet sheet({"peer", "address", "relay", "certificate", "state", "not_after", "last_seen",
               "audit_faults"});
  EQN_CHECK(ForEachPage<v1::ListPeersResponse>(
      session, "AdminService/ListPeers", v1::ListPeersRequest{},
      [&](const v1::ListPeersResponse& page) {
        for (const v1::Peer& peer : page.peers()) {
          for (const v1::PeerCertificate& certificate : peer.certificates()) {
            sheet.Add({peer.uri(), peer.address(), peer.relay(), certificate.fingerprint(),
                       certificate.state(),
                       TimeText(certificate.not_after(), certificate.has_not_after()),
                       TimeText(peer.last_seen(), peer.has_last_seen()), peer.audit_faults()});
          }
        }
        return true;
      }));
  EQN_CHECK(Print(sheet.Text(shared.format)));
  return kExitOk;
}

struct NamedOptions {
  std::string uri{};
  std::string fingerprint{};
};

Result<int> RunPeerRemove(const Shared& shared, const NamedOptions& options) {
  v1::RemovePeerRequest request;
  request.set_uri(options.uri);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(session.Call<v1::RemovePeerResponse>("AdminService/RemovePeer", request));
  Say("removed " + options.uri);
  return kExitOk;
}

Result<int> RunAccept(const Shared& shared, const NamedOptions& options) {
  v1::AcceptCertificateRequest request;
  request.set_uri(options.uri);
  request.set_fingerprint(options.fingerprint);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_CHECK(session.Call<v1::AcceptCertificateResponse>("AdminService/AcceptCertificate", request));
  Say("accepted the certificate " + options.fingerprint + " of " + options.uri);
  return kExitOk;
}

struct AnewOptions {
  std::string uri{};
  std::string code{};
};

Result<int> RunBeginAnew(const Shared& shared, const AnewOptions& options) {
  v1::BeginLinksAnewRequest request;
  request.set_uri(options.uri);
  request.set_code(options.code);
  request.set_request_id(NewRequestId());
  EQN_TRY(Session session, Session::Open(shared.node));
  EQN_TRY(const auto begun,
          session.Call<v1::BeginLinksAnewResponse>("AdminService/BeginLinksAnew", request));
  Json json = Json::object();
  json["peer"] = options.uri;
  json["code"] = begun.code();
  json["already"] = begun.already();
  EQN_CHECK(Print(PropertiesText(json, shared.format)));
  if (options.code.empty()) {
    Say("Now the peer's operator runs, at the peer's node:");
    Say("  equinode peer begin-anew " + session.node_uri() + " --code " + Harmless(begun.code()));
  } else if (begun.already()) {
    Say("the links had begun by this code before; nothing has happened");
  } else {
    Say("the links with " + options.uri + " begin anew; what is shared goes out again");
  }
  return kExitOk;
}

}  // namespace

void AddPeer(Program program) {
  Command peer = AddGroup(program, "peer", "whom this node deals with");
  AddCommand<PeerAddOptions>(
      program, peer, "add", "enrol a peer by its certificate, or give it its next one",
      [](Command command, PeerAddOptions& options) {
        command.AddOption("certificate", options.certificate, "PEM file")
            .Required()
            .TypeName("FILE");
        command.AddOption("--address", options.address, "host:port to dial; without: it dials us")
            .TypeName("ADDRESS");
        command.AddOption("--relay", options.relay, "URI of the QHIO by which it is reached")
            .TypeName("URI");
        command.AddFlag("--take-over-renewals", options.take_over,
                        "believe its notices of new certificates; else you accept each");
      },
      RunPeerAdd);
  AddCommand<NoOptions>(program, peer, "list", "peers and their certificates", Nothing,
                        RunPeerList);
  AddCommand<NamedOptions>(
      program, peer, "remove", "withdraw an enrolment at once",
      [](Command command, NamedOptions& options) {
        command.AddOption("uri", options.uri, "of the peer").Required().TypeName("URI");
      },
      RunPeerRemove);
  AddCommand<NamedOptions>(
      program, peer, "accept", "take over a certificate that a peer has announced",
      [](Command command, NamedOptions& options) {
        command.AddOption("uri", options.uri, "of the peer").Required().TypeName("URI");
        command.AddOption("fingerprint", options.fingerprint, "as peer list shows it")
            .Required()
            .TypeName("SHA256");
      },
      RunAccept);
  AddCommand<AnewOptions>(
      program, peer, "begin-anew",
      "links that stand still since a backup was put back go on; both operators run it",
      [](Command command, AnewOptions& options) {
        command.AddOption("uri", options.uri, "of the peer").Required().TypeName("URI");
        command.AddOption("--code", options.code, "as the other side's command printed it")
            .TypeName("CODE");
      },
      RunBeginAnew);
}

}  // namespace equinode::cli
