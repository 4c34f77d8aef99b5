using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]

namespace HvBindgen.Templates;
