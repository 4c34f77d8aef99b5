using System.Reflection;
using System.Runtime.InteropServices;

namespace ClangSharp.Interop;

/// <summary>
/// The entry points of libclang's C API that this project calls, versions 14 to 24, with the names and signatures of
/// the ClangSharp.Interop package, which can take this folder's place.
/// </summary>
public static unsafe partial class @clang
{
    private static readonly Lock ResolverGate = new();
    private static DllImportResolver? Resolvers;
    private static bool ResolverIsSet;

    /// <summary>Asked for the library when the first entry point is called; the first non-zero handle is taken.</summary>
    /// <remarks>
    /// The first subscriber sets the assembly's resolver. A static constructor could do it too, but every call of an
    /// entry point would then pay for its check.
    /// </remarks>
    public static event DllImportResolver? ResolveLibrary
    {
        add
        {
            lock (ResolverGate)
            {
                Resolvers += value;

                // The runtime takes one resolver for an assembly and throws at the second.
                if (!ResolverIsSet)
                {
                    NativeLibrary.SetDllImportResolver(typeof(@clang).Assembly, Resolve);
                    ResolverIsSet = true;
                }
            }
        }

        remove
        {
            lock (ResolverGate)
            {
                Resolvers -= value;
            }
        }
    }

    // Zero leaves the name to the runtime's own search; other libraries of this assembly come through here too.
    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (DllImportResolver resolver in Delegate.EnumerateInvocationList(Volatile.Read(ref Resolvers)))
        {
            nint library = resolver(libraryName, assembly, searchPath);

            if (library != 0)
            {
                return library;
            }
        }

        return 0;
    }
}
