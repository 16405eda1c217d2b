"""Parameters that a flow cannot take, told in one sentence in the state of its run.

The form refuses most of them. The form of a work pool takes unknown ones, and an API can be asked not
to look: then Prefect's engine ends with a traceback before the flow begins, as a crash.
"""

import logging
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import ParameterBindError, ParameterTypeError, SignatureMismatchError
from prefect.logging.loggers import flow_run_logger
from prefect.states import Failed

from flows.orchestration.artifacts import one_line


def refusal(flow: Flow[..., Any], given: Mapping[str, Any]) -> str | None:
    """Why a flow does not take these parameters, in a sentence; None where it does."""
    known = flow.parameters.properties
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]!r}?" if close else f"there are {_listed(known)}."
            return f"There is no parameter {one_line(name, 60)!r}; {meant}"
    for name in flow.parameters.required:
        if name not in given:
            return f"The parameter {name!r} is missing."
    try:
        flow.validate_parameters(dict(given))
    except ParameterTypeError as error:
        first = str(error).partition("\n - ")[2].partition("\n")[0]
        name, _, why = first.partition(": ")
        return f"The parameter {name!r} cannot be taken: {one_line(why[:1].lower() + why[1:])}."
    return None


def explain(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - a hook's parameters, by name
    """Say in the state of a run that failed or crashed which parameter is to blame, if one is."""
    sentence = refusal(flow, flow_run.parameters)
    if sentence is None:
        return
    flow_run_logger(flow_run, flow).error(sentence)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run.id, Failed(message=sentence), force=True)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "none"


def _says_more(record: logging.LogRecord) -> bool:
    """False for what the engine says of such parameters at length, before the hook is asked."""
    is_traceback = record.exc_info and isinstance(
        record.exc_info[1], SignatureMismatchError | ParameterBindError | ParameterTypeError
    )
    is_report = record.getMessage().startswith(
        ("Validation of flow parameters failed", "Parameter validation failed")
    )
    return not (is_traceback or is_report)


# When the module is read, since the flow does not begin.
for _name in ("prefect.flow_runs", "prefect.engine", "prefect.flows"):
    logging.getLogger(_name).addFilter(_says_more)
