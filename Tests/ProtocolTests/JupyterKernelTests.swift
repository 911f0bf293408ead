import CollabFiles
import CollabProtocol
import FoundationEssentials
import TestSupport
import Testing

struct JupyterKernelTests {
  @Test(
    arguments: [
      (["JUPYTER_DATA_DIR": "/j", "XDG_DATA_HOME": "/x", "HOME": "/h"], "/j/kernels/collab"),
      (["XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/jupyter/kernels/collab"),
      (["XDG_DATA_HOME": "", "HOME": "/h"], "/h/.local/share/jupyter/kernels/collab"),
      ([:], nil),
    ] as [([String: String], String?)])
  func `lies where Jupyter looks`(_ variables: [String: String], _ folder: String?) {
    #expect(JupyterKernel(userWith: { variables[$0] })?.folder == folder)
  }

  @Test func `is installed, again, and removed without a trace`() throws {
    let home = try TemporaryFolder()
    let kernel = JupyterKernel(prefix: home.path + "/env")
    #expect(kernel.folder == home.path + "/env/share/jupyter/kernels/collab")
    #expect(!kernel.isInstalled)
    for program in ["/old/collab", "/opt/a \"b\"/collab"] {
      try kernel.install(program: program, python: "/usr/bin/python3")
    }
    #expect(kernel.isInstalled)
    struct Spec: Decodable {
      let argv: [String]
      let display_name, language, interrupt_mode: String
      let env: [String: String]
    }
    let spec = try JSONDecoder().decode(
      Spec.self, from: Data(try Files.read(kernel.folder + "/kernel.json")))
    #expect(
      spec.argv
        == ["/usr/bin/python3", kernel.folder + "/collab_kernel.py", "-f", "{connection_file}"])
    #expect(spec.env == ["COLLAB_PROGRAM": "/opt/a \"b\"/collab"])
    #expect(spec.display_name == "Collab" && spec.interrupt_mode == "signal")
    let code = String(decoding: try Files.read(spec.argv[1]), as: UTF8.self)
    #expect(code.contains("IPKernelApp.launch_instance(kernel_class=CollabKernel)"))
    try kernel.remove()
    #expect(!Files.exists(kernel.folder))
    try kernel.remove()
  }
}
