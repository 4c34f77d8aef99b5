using System.Reflection;
using HvBindgen.Mshv.Abi;
using Xunit;

namespace HvBindgen.Mshv.Tests.Recording;

public sealed class RequestTableTests
{
    [Fact]
    public void Every_request_of_the_bindings_is_in_the_table_on_every_descriptor_that_takes_it()
    {
        // A class for each kind of descriptor, a method for each request.
        const string Ending = "Ioctls";
        IEnumerable<string> methods = typeof(hv_message).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith(Ending, StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Select(method => $"{type.Name[..^Ending.Length]} {method.Name}"));

        Assert.Equal(methods.Distinct().Order(), Requests.All.Rows.Select(row => $"{row.Descriptor} {row.Name}").Order());
    }

    [Fact]
    public void A_number_is_found_on_the_descriptors_that_take_it_alone()
    {
        Assert.Equal(
            nameof(Constants.MSHV_SET_POLL_FILE), Requests.All.Find(DescriptorKind.Vtl, Constants.MSHV_SINT_PAUSE_MESSAGE_STREAM)?.Name);
        Assert.Equal(
            nameof(Constants.MSHV_SINT_PAUSE_MESSAGE_STREAM), Requests.All.Find(DescriptorKind.Sint, Constants.MSHV_SET_POLL_FILE)?.Name);
        Assert.Null(Requests.All.Find(DescriptorKind.Device, Constants.MSHV_SET_POLL_FILE));
        Assert.Null(Requests.All.Find(DescriptorKind.Vp, 0));
    }

    [Fact]
    public void Numbers_are_those_of_the_constants() => Assert.All(Requests.All.Rows, row => Assert.Equal(
        typeof(Constants).GetField(row.Name)?.GetValue(null), row.Number));
}
